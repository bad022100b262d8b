import { createHash } from "node:crypto";
import { readdirSync, watch as watchFolder } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { build, transform, type BuildOptions, type Plugin } from "esbuild";
import { minifySync as minifyCode } from "vite";
import { brotliSize } from "./size.ts";

const folder = import.meta.dirname;
const languagesFolder = join(folder, "languages");

/** Every file in `languages/` named by a language tag is a language of its own file beside the chat. */
export const languages: string[] = readdirSync(languagesFolder)
  .filter((name) => /^[a-z]{2,3}(-[A-Za-z]+)?\.ts$/.test(name))
  .map((name) => basename(name, ".ts"));

/**
 * Names that only our own parts use between each other, shortened alike in all of them. None may be a name of the
 * platform or of the protocol, whose frames are laid over `core`. Which letter each has was searched for by size: it decides over some thirty bytes.
 */
const SHORT_NAMES = {
  ask: "X",
  batch: "i",
  changed: "e",
  createLine: "q",
  handover: "C",
  isConcealed: "P",
  isOpen: "h",
  isTaken: "G",
  loadPart: "k",
  note: "j",
  options: "Z",
  parts: "o",
  root: "T",
  settle: "W",
  tell: "z",
  toggler: "U",
};

/** Stands for the version of the parts: some digits of their hash, of which those are taken that compress best. */
const VERSION_PLACE = "VERSION_OF_PARTS";

/** Style sheets become text, minified: they are set as constructed style sheets, never as elements. */
const styleText = (minify: boolean): Plugin => ({
  name: "style-text",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify });
      return { contents: code.trim(), loader: "text" };
    });
  },
});

/**
 * Builds what a customer's site loads into `outDir`: `widget.js` first and alone, and when there is a need the parts
 * and one file of `lang/`.
 */
export async function buildWidget(
  outDir: string,
  { watch = false, minify = true }: { watch?: boolean; minify?: boolean } = {},
): Promise<void> {
  await buildOnce(outDir, minify);
  if (!watch) return;
  let timer: NodeJS.Timeout | undefined;
  watchFolder(folder, { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      buildOnce(outDir, minify).catch((error: unknown) => console.error(error));
    }, 50);
  });
}

async function buildOnce(outDir: string, minify: boolean) {
  const shared: BuildOptions = {
    bundle: true,
    write: false,
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    logLevel: "warning",
    plugins: [styleText(minify)],
    mangleProps: new RegExp(`^(${Object.keys(SHORT_NAMES).join("|")})$`),
    mangleCache: SHORT_NAMES,
    define: { LANGUAGES: JSON.stringify(languages) },
  };
  const parts: Record<string, string> = {};
  const partEntries = {
    "chat.js": "chat/main.ts",
    "peek.js": "peek/main.ts",
    "shown.js": "moment/main.ts",
    "armed.js": "rules/main.ts",
    "card.js": "card/main.ts",
    "answer.js": "answer/main.ts",
    "auth.js": "auth/main.ts",
    "wrote.js": "wrote/main.ts",
    "threads.js": "threads/main.ts",
    "elsewhere.js": "elsewhere/main.ts",
    "continued.js": "continued/main.ts",
    "reach.js": "reach/main.ts",
    ...Object.fromEntries(languages.map((code) => [`lang/${code}.js`, `languages/${code}.ts`])),
  };
  for (const [name, entry] of Object.entries(partEntries)) {
    parts[name] = await bundle(
      { ...shared, format: "esm", entryPoints: [join(folder, entry)] },
      minify,
    );
  }
  const hash = createHash("sha512").update(JSON.stringify(parts)).digest("hex");
  const nameless = await bundle(
    {
      ...shared,
      format: "iife",
      entryPoints: [join(folder, "loader/main.ts")],
      define: { PARTS_VERSION: JSON.stringify(VERSION_PLACE) },
      // In a browser that lacks something it needs, the script stays silent.
      banner: { js: "try{" },
      footer: { js: "}catch{}" },
    },
    minify,
  );
  const [loader = ""] = Array.from({ length: hash.length - 3 }, (_, at) => hash.slice(at, at + 4))
    .map((version) => nameless.replace(VERSION_PLACE, version))
    .toSorted((a, b) => brotliSize(a) - brotliSize(b));
  await mkdir(join(outDir, "lang"), { recursive: true });
  for (const [name, code] of Object.entries({ ...parts, "widget.js": loader })) {
    await writeFile(join(outDir, name), code);
  }
}

async function bundle(options: BuildOptions, minify: boolean): Promise<string> {
  const { outputFiles = [] } = await build(options);
  const code = outputFiles[0]?.text ?? "";
  if (!minify) return code;
  // The bundler declares everything with `var`; as constants the numbers can be put where they are used.
  const withConstants = code.replace(/^(\s*)var ([A-Z_0-9]+ = [\d.e_]+;)$/gm, "$1const $2");
  const { code: small, errors } = minifyCode("part.js", withConstants, {
    module: options.format === "esm",
    compress: { target: "es2022" },
    mangle: { toplevel: true },
  });
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join("\n"));
  return small;
}
