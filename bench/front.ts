import { readdir, readFile } from "node:fs/promises";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { ROOT } from "../scripts/environment.ts";

/** A site with the widget in it, on one address with the product. */
export type Front = { url: string; stop: () => Promise<void> };

const FILES = join(ROOT, "dist/public");
/** As the build has it for the parts, which are named by their content. */
const KEPT = "public, max-age=31536000, immutable";

/**
 * Serves what the platform's file servers do, and hands everything else to a Worker that is reached directly.
 * @param page Markup of the one page that there is, at `/`.
 */
export async function startFront(worker: string, page: string): Promise<Front> {
  const target = new URL(worker);
  const files = await readFiles();
  const tunnels = new Set<Socket>();
  const server = createServer((incoming, outgoing) => {
    const { pathname } = new URL(incoming.url ?? "/", target);
    if (pathname === "/") {
      outgoing.setHeader("content-type", "text/html; charset=utf-8");
      outgoing.end(page);
      return;
    }
    const file = files.get(pathname);
    if (file === undefined) return pass(incoming, outgoing, target);
    outgoing.setHeader("content-type", "text/javascript; charset=utf-8");
    outgoing.setHeader("cache-control", KEPT);
    outgoing.end(file);
  });
  server.on("upgrade", (incoming: IncomingMessage, socket: Socket, head: Buffer) => {
    const onward = connect(Number(target.port), target.hostname);
    onward.write(headOf(incoming));
    onward.write(head);
    onward.pipe(socket).pipe(onward);
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      one.setNoDelay(true);
      tunnels.add(one);
      one.on("error", () => one.destroy());
      one.on("close", () => {
        tunnels.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the site has no port");
  return {
    url: `http://127.0.0.1:${address.port}/`,
    stop: () =>
      new Promise((resolve) => {
        for (const tunnel of tunnels) tunnel.destroy();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The widget's files by their paths, as they are now: a build in the meantime changes nothing. */
async function readFiles(): Promise<Map<string, Buffer>> {
  const names = [
    ...(await readdir(FILES)),
    ...(await readdir(join(FILES, "lang"))).map((name) => `lang/${name}`),
  ];
  const scripts = names.filter((name) => name.endsWith(".js"));
  return new Map(
    await Promise.all(
      scripts.map(async (name) => [`/${name}`, await readFile(join(FILES, name))] as const),
    ),
  );
}

function pass(incoming: IncomingMessage, outgoing: ServerResponse, target: URL): void {
  const { method, url: path, headers } = incoming;
  const { hostname, port } = target;
  const onward = request({ hostname, port, method, path, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on("error", () => outgoing.destroy());
  incoming.pipe(onward);
}

function headOf({ method, url, rawHeaders }: IncomingMessage): string {
  const lines = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : [],
  );
  return `${[`${method} ${url} HTTP/1.1`, ...lines].join("\r\n")}\r\n\r\n`;
}
