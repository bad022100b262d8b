import { beforeAll, describe, expect, it } from "vitest";
import { peersOf } from "../../durable-objects/peers.ts";
import { PHOTO_MAX_BYTES } from "../../protocol/limits.ts";
import type { WorkspaceSettings } from "../../protocol/operator-api.ts";
import { DEFAULT_WIDGET } from "../../protocol/settings.ts";
import { env } from "../testing/operator-browser.ts";
import { newWorkspace, type WorkspaceFixture } from "../testing/workspace-fixture.ts";
import { photoRoutes } from "./photos.ts";

let workspace: WorkspaceFixture;
beforeAll(async () => {
  workspace = await newWorkspace("profile");
});

const bytesOf = (base64: string): Uint8Array =>
  Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
const PNG = bytesOf(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
);

const put = (body: Uint8Array, type = "image/png"): Promise<Response> =>
  workspace.owner.fetch("/api/operators/me/photo", {
    method: "PUT",
    body,
    headers: { "content-type": type },
  });

describe("a profile", () => {
  it("changes field by field, and colleagues and visitors hear of it", async () => {
    const card = await workspace.owner.call("PATCH", "/api/operators/me", {
      title: " Advisor ",
      status: "away",
    });
    expect(card).toEqual({
      id: workspace.me.operator.id,
      name: "Owner",
      title: "Advisor",
      photo: null,
    });
    expect(
      await workspace.owner.call("PATCH", "/api/operators/me", { name: "Olivia" }),
    ).toMatchObject({
      name: "Olivia",
      title: "Advisor",
    });
    expect(await workspace.owner.call("PATCH", "/api/operators/me", {})).toMatchObject({
      name: "Olivia",
    });
    const { others } = await peersOf(env).inbox(workspace.me.workspace.id).team();
    expect(others).toEqual([
      { id: workspace.me.operator.id, name: "Olivia", title: "Advisor", photo: null },
    ]);
  });
});

describe("a photo", () => {
  it("is served as what it is, to everybody, in a sandbox", async () => {
    const { photo } = (await (await put(PNG)).json()) as { photo: string };
    expect(photo).toMatch(/^\/files\/photos\/fil_[0-9a-z]+$/);
    const response = await photoRoutes.request(photo, {}, env);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "image/png",
      "x-content-type-options": "nosniff",
      "content-security-policy": "sandbox; default-src 'none'",
      "cache-control": "public, max-age=31536000, immutable",
    });
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(PNG);
    expect(
      (await workspace.owner.call<{ operator: unknown }>("GET", "/api/me")).operator,
    ).toMatchObject({ photo });

    // The next one has another address; the old file is gone.
    const next = (await (await put(PNG)).json()) as { photo: string };
    expect(next.photo).not.toBe(photo);
    expect((await photoRoutes.request(photo, {}, env)).status).toBe(404);
    expect(await workspace.owner.call("DELETE", "/api/operators/me/photo")).toEqual({
      photo: null,
    });
    expect((await photoRoutes.request(next.photo, {}, env)).status).toBe(404);
  });

  it.each([
    ["SVG", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"],
    ["HTML", "<!doctype html><script>alert(1)</script>"],
    ["GIF", "GIF89a"],
    ["nothing", ""],
    ["PDF", "%PDF-1.7"],
    ["text that says it is a PNG", "PNG"],
  ])("is not %s, whatever its type says", async (_, text) => {
    const response = await put(new TextEncoder().encode(text), "image/png");
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ error: { code: "not_an_image" } });
  });

  it(`has at most ${PHOTO_MAX_BYTES} bytes`, async () => {
    const padded = new Uint8Array(PHOTO_MAX_BYTES + 1);
    padded.set(PNG);
    expect((await put(padded)).status).toBe(413);
    // What hides behind the picture's end is cut off.
    expect((await put(padded.subarray(0, PHOTO_MAX_BYTES))).status).toBe(200);
    const { operator } = await workspace.owner.call<{ operator: { photo: string } }>(
      "GET",
      "/api/me",
    );
    const served = await photoRoutes.request(operator.photo, {}, env);
    expect(new Uint8Array(await served.arrayBuffer())).toEqual(PNG);
  });

  it.each(["fil_nothing", "..%2f..%2fdev%2fmailbox", "fil_", "__proto__"])(
    "is not found as %s",
    async (id) => {
      expect((await photoRoutes.request(`/files/photos/${id}`, {}, env)).status).toBe(404);
    },
  );
});

describe("settings", () => {
  it("are kept as they were set, and refused as a whole when one is wrong", async () => {
    const widget = { ...DEFAULT_WIDGET, color: "#0f766e", title: "<b>Tea?</b>" };
    await workspace.owner.call("PUT", "/api/settings/widget", widget);
    await workspace.owner.call("PUT", "/api/settings/origins", {
      origins: ["https://tea.example", "https://*.tea.example", "https://tea.example"],
    });
    const hours = {
      timeZone: "Europe/Vienna",
      week: [{ from: "09:00", to: "17:00" }, null, null, null, null, null, null],
    };
    const cap = { messages: 2, ms: 86_400_000 };
    await workspace.owner.call("PATCH", "/api/settings/workspace", { name: "Tea", hours, cap });
    const settings = await workspace.owner.call<WorkspaceSettings>("GET", "/api/settings");
    expect(settings).toEqual({
      workspace: {
        id: workspace.me.workspace.id,
        name: "Tea",
        siteKey: workspace.me.workspace.siteKey,
      },
      widget,
      hours,
      cap,
      origins: ["https://tea.example", "https://*.tea.example"],
      widgetOrigin: "http://parley.test",
    });

    const refused: [string, string, unknown][] = [
      ["PUT", "/api/settings/widget", { ...widget, color: "red" }],
      ["PUT", "/api/settings/widget", { color: "#000000" }],
      ["PUT", "/api/settings/widget", { ...widget, extra: 1 }],
      ["PUT", "/api/settings/origins", { origins: ["https://*"] }],
      ["PUT", "/api/settings/origins", { origins: ["*"] }],
      ["PUT", "/api/settings/origins", { origins: ["https://tea.example/path"] }],
      [
        "PUT",
        "/api/settings/origins",
        { origins: Array.from({ length: 51 }, (_, i) => `https://a${i}.example`) },
      ],
      ["PATCH", "/api/settings/workspace", { hours: { ...hours, timeZone: "Europe/Atlantis" } }],
      ["PATCH", "/api/settings/workspace", { hours: { ...hours, week: [] } }],
      ["PATCH", "/api/settings/workspace", { name: " " }],
    ];
    for (const [method, path, body] of refused) {
      expect(
        (await workspace.owner.fetch(path, { method, body })).status,
        JSON.stringify(body),
      ).toBe(400);
    }
    expect(await workspace.owner.call("GET", "/api/settings")).toEqual(settings);
    await workspace.owner.call("PATCH", "/api/settings/workspace", { hours: null });
    expect(
      (await workspace.owner.call<WorkspaceSettings>("GET", "/api/settings")).hours,
    ).toBeNull();
  });
});
