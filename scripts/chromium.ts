import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

const USUAL_PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** Path of a Chromium: CHROMIUM_PATH, an installed one, or Debian's package, installed when we may. */
export function findChromium(): string {
  const given = process.env["CHROMIUM_PATH"];
  if (given !== undefined && given !== "") {
    if (existsSync(given)) return given;
    throw new Error(`CHROMIUM_PATH is ${given}, but nothing is there.`);
  }
  return installed() ?? install();
}

function installed(): string | undefined {
  return USUAL_PLACES.find((path) => existsSync(path));
}

function install(): string {
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    throw new Error(
      "The end-to-end tests need Chromium. Install it (on Debian: apt-get install chromium) or set CHROMIUM_PATH.",
    );
  }
  console.log("Installing Debian's chromium …");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  execFileSync("apt-get", ["update", "-qq"], { env, stdio: "ignore" });
  execFileSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], {
    env,
    stdio: "ignore",
  });
  const path = installed();
  if (path === undefined)
    throw new Error("Debian's chromium was installed, but its program is not where it should be.");
  return path;
}
