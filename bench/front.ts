import { readFile } from "node:fs/promises";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { basename, join } from "node:path";
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
  const tunnels = new Set<Socket>();
  const server = createServer((incoming, outgoing) => {
    const { pathname } = new URL(incoming.url ?? "/", target);
    if (pathname === "/") {
      outgoing.setHeader("content-type", "text/html; charset=utf-8");
      outgoing.end(page);
    } else if (pathname.endsWith(".js")) void serve(basename(pathname), outgoing);
    else pass(incoming, outgoing, target);
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

async function serve(name: string, outgoing: ServerResponse): Promise<void> {
  const text = await readFile(join(FILES, name)).catch(() => null);
  if (text === null) {
    outgoing.writeHead(404).end();
    return;
  }
  outgoing.setHeader("content-type", "text/javascript; charset=utf-8");
  outgoing.setHeader("cache-control", KEPT);
  outgoing.end(text);
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
