import { expect, it } from "vitest";
import { asId, newId } from "../../protocol/ids.ts";
import { isSigned, readRecipient, replyAddress, workspaceAddress } from "./reply-address.ts";

const SECRET = "a-secret-of-the-tests-with-enough-characters";
const DOMAIN = "reply.parley.test";
const right = {
  workspace: newId("wsp", 1_790_000_000_000),
  conversation: newId("cnv", 1_790_000_000_000),
  address: "ada@corp.example",
};

async function admits(address: string, held = right): Promise<boolean> {
  const read = readRecipient(address, DOMAIN);
  if (read?.kind !== "conversation" || read.conversation !== held.conversation) return false;
  return isSigned(SECRET, held, read.signature);
}

it("fits what stands before the @, and survives being written in another case", async () => {
  const address = await replyAddress(SECRET, right, DOMAIN);
  expect(address.split("@")[0]?.length).toBeLessThanOrEqual(64);
  expect(address).toBe(address.toLowerCase());
  expect(await admits(address)).toBe(true);
  expect(await admits(address.toUpperCase())).toBe(true);
});

it("is nobody's with any character changed, added or left out", async () => {
  const address = await replyAddress(SECRET, right, DOMAIN);
  const local = address.split("@")[0] ?? "";
  for (let at = 0; at < local.length; at++) {
    const other = local[at] === "0" ? "1" : "0";
    const changed = local.slice(0, at) + other + local.slice(at + 1);
    expect(await admits(`${changed}@${DOMAIN}`), changed).toBe(false);
  }
  for (const changed of [local.slice(0, -1), `${local}0`, `${local}.`, `${local}+x`, `x${local}`])
    expect(await admits(`${changed}@${DOMAIN}`), changed).toBe(false);
  expect(await admits(`${local}@other.example`)).toBe(false);
});

it("lets nobody into another workspace's, another conversation or for another person", async () => {
  const address = await replyAddress(SECRET, right, DOMAIN);
  expect(await admits(address, { ...right, workspace: asId("wsp", "wsp_other") })).toBe(false);
  expect(await admits(address, { ...right, address: "eve@evil.example" })).toBe(false);
  const read = readRecipient(address, DOMAIN);
  expect(
    read?.kind === "conversation" &&
      (await isSigned("another-secret-of-the-tests-with-characters", right, read.signature)),
  ).toBe(false);
});

it("a workspace has an address of its own", () => {
  const address = workspaceAddress(right.workspace, DOMAIN);
  expect(address.split("@")[0]?.length).toBeLessThanOrEqual(64);
  expect(readRecipient(address.toUpperCase(), DOMAIN)).toEqual({
    kind: "workspace",
    workspace: right.workspace,
  });
});

it.each([
  "",
  "inbox.demo",
  "inbox.@reply.parley.test",
  "a@b@reply.parley.test",
  "postmaster@reply.parley.test",
])("%s is no address of ours", (address) => {
  expect(readRecipient(address, DOMAIN)).toBeNull();
});
