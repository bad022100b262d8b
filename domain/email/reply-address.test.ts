import { expect, it } from "vitest";
import { asId, newId } from "../../protocol/ids.ts";
import {
  checkAddress,
  isCheck,
  isSigned,
  readRecipient,
  replyAddress,
  workspaceAddress,
} from "./reply-address.ts";

const SECRET = "a-secret-of-the-tests-with-enough-characters";
const DOMAIN = "reply.parley.test";
const right = {
  workspace: newId("wsp", 1_790_000_000_000),
  conversation: newId("cnv", 1_790_000_000_000),
  address: "ada@corp.example",
};

async function admits(address: string, held = right): Promise<boolean> {
  const read = readRecipient(address);
  if (read?.kind !== "conversation" || read.conversation !== held.conversation) return false;
  if (read.domain !== DOMAIN) return false;
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
  const read = readRecipient(address);
  expect(
    read?.kind === "conversation" &&
      (await isSigned("another-secret-of-the-tests-with-characters", right, read.signature)),
  ).toBe(false);
});

it("a workspace has an address of its own", () => {
  const address = workspaceAddress(right.workspace, DOMAIN);
  expect(address.split("@")[0]?.length).toBeLessThanOrEqual(64);
  expect(readRecipient(address.toUpperCase())).toEqual({
    kind: "workspace",
    workspace: right.workspace,
    domain: DOMAIN,
  });
});

it("a domain is proven at an address of its own, which is another workspace's and another domain's not", async () => {
  const address = await checkAddress(SECRET, right.workspace, "reply.shop.example");
  expect(address.split("@")[0]?.length).toBeLessThanOrEqual(64);
  const read = readRecipient(address.toUpperCase());
  if (read?.kind !== "check") throw new Error("no address of proof");
  const { signature, domain, workspace } = read;
  expect(await isCheck(SECRET, workspace, domain, signature)).toBe(true);
  expect(await isCheck(SECRET, workspace, "other.example", signature)).toBe(false);
  expect(await isCheck(SECRET, asId("wsp", "wsp_other"), domain, signature)).toBe(false);
  expect(await isCheck(SECRET, workspace, domain, signature.replace(/.$/, "!"))).toBe(false);
});

it.each([
  "",
  "inbox.demo",
  "inbox.@reply.parley.test",
  "a@b@reply.parley.test",
  "postmaster@reply.parley.test",
])("%s is no address of ours", (address) => {
  expect(readRecipient(address)).toBeNull();
});
