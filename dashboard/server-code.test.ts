import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readJwt } from "../domain/identity/proof.ts";
import { asId } from "../protocol/ids.ts";
import {
  LANGUAGE_NAMES,
  SECRET_VARIABLE,
  serverCode,
  type ServerLanguage,
} from "./src/settings/identity/server-code.ts";

const SIGNING = { audience: "wsp_1", keyId: "idk_1" };
const SECRET = "the-secret-of-the-key";
const CONTEXT = {
  keys: [{ id: asId("idk", SIGNING.keyId), secret: SECRET }],
  audience: SIGNING.audience,
};

/** What runs a language, and the lines that ask the pasted code for a proof. */
const RUNS: Partial<Record<ServerLanguage, { command: string; file: string; ask: string }>> = {
  node: {
    command: process.execPath,
    file: "proof.mjs",
    ask: 'console.log(parleyProof({ id: 7, email: "ünï@example.com", emailVerified: true }));',
  },
  python: {
    command: "python3",
    file: "proof.py",
    ask: "from types import SimpleNamespace\nprint(parley_proof(SimpleNamespace(id=7, email='ünï@example.com', email_verified=True)))",
  },
  php: {
    command: "php",
    file: "proof.php",
    ask: "echo parley_proof((object) ['id' => 7, 'email' => 'ünï@example.com', 'email_verified' => true]);",
  },
  ruby: {
    command: "ruby",
    file: "proof.rb",
    ask: 'require "ostruct"\nputs parley_proof(OpenStruct.new(id: 7, email: "ünï@example.com", email_verified: true))',
  },
};

/** Only Node is sure to be there; the others prove themselves wherever they are installed. */
const isThere = (command: string): boolean => {
  try {
    execFileSync(command, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

describe.each(Object.entries(RUNS).filter(([, { command }]) => isThere(command)))(
  "the code for %s",
  (language, { command, file, ask }) => {
    test("run as it stands signs what is accepted", async () => {
      const folder = mkdtempSync(join(tmpdir(), "parley-proof-"));
      const path = join(folder, file);
      writeFileSync(path, `${serverCode(language as ServerLanguage, SIGNING)}\n${ask}\n`); // a key of RUNS
      const jwt = execFileSync(command, [path], {
        env: { ...process.env, [SECRET_VARIABLE]: SECRET },
        encoding: "utf8",
      }).trim();
      rmSync(folder, { recursive: true });
      expect(await readJwt(jwt, { ...CONTEXT, now: Date.now() })).toEqual({
        ok: true,
        proof: {
          userId: "7",
          others: [{ kind: "email", value: "ünï@example.com" }],
          by: "jwt",
        },
      });
    });
  },
);

test("every language names this workspace, its key, and where the secret belongs", () => {
  for (const language of Object.keys(LANGUAGE_NAMES) as ServerLanguage[]) {
    const code = serverCode(language, SIGNING);
    for (const part of [SIGNING.audience, SIGNING.keyId, SECRET_VARIABLE, "HS256"])
      expect(code).toContain(part);
    expect(code).not.toContain(SECRET);
  }
});
