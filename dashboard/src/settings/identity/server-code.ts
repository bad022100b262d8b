/** Code for the customer's server that signs a proof, ready to paste. */

export type ServerLanguage = "node" | "php" | "python" | "ruby" | "go";
export const LANGUAGE_NAMES: Record<ServerLanguage, string> = {
  node: "Node",
  php: "PHP",
  python: "Python",
  ruby: "Ruby",
  go: "Go",
};

type Signing = { audience: string; keyId: string };

/** What stands for the secret: it belongs into the server's environment, not into its code. */
export const SECRET_VARIABLE = "PARLEY_IDENTITY_SECRET";

/** Without any library where the language can do without one. The proof is good for an hour. */
export function serverCode(language: ServerLanguage, { audience, keyId }: Signing): string {
  switch (language) {
    case "node":
      return `import { createHmac } from "node:crypto";

const encode = (value) =>
  Buffer.from(JSON.stringify(value)).toString("base64url");

export function parleyProof(user) {
  const head = encode({
    alg: "HS256",
    typ: "JWT",
    kid: "${keyId}",
  });
  const body = encode({
    sub: String(user.id),
    aud: "${audience}",
    exp: Math.floor(Date.now() / 1000) + 3600,
    email: user.email,
    // True only if you have checked it.
    email_verified: user.emailVerified,
  });
  const secret = process.env.${SECRET_VARIABLE};
  const signature = createHmac("sha256", secret)
    .update(\`\${head}.\${body}\`)
    .digest("base64url");
  return \`\${head}.\${body}.\${signature}\`;
}`;
    case "php":
      return `<?php
function parley_encode(string $bytes): string {
    return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
}

function parley_proof(object $user): string {
    $head = parley_encode(json_encode([
        'alg' => 'HS256',
        'typ' => 'JWT',
        'kid' => '${keyId}',
    ]));
    $body = parley_encode(json_encode([
        'sub' => (string) $user->id,
        'aud' => '${audience}',
        'exp' => time() + 3600,
        'email' => $user->email,
        // True only if you have checked it.
        'email_verified' => $user->email_verified,
    ]));
    $secret = getenv('${SECRET_VARIABLE}');
    $signature = hash_hmac('sha256', "$head.$body", $secret, true);
    return "$head.$body." . parley_encode($signature);
}`;
    case "python":
      return `import base64, hashlib, hmac, json, os, time

def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()

def parley_proof(user) -> str:
    head = encode(json.dumps({
        "alg": "HS256",
        "typ": "JWT",
        "kid": "${keyId}",
    }).encode())
    body = encode(json.dumps({
        "sub": str(user.id),
        "aud": "${audience}",
        "exp": int(time.time()) + 3600,
        "email": user.email,
        # True only if you have checked it.
        "email_verified": user.email_verified,
    }).encode())
    text = f"{head}.{body}"
    secret = os.environ["${SECRET_VARIABLE}"].encode()
    signature = hmac.digest(secret, text.encode(), hashlib.sha256)
    return f"{text}.{encode(signature)}"`;
    case "ruby":
      return `require "base64"
require "json"
require "openssl"

def parley_encode(bytes)
  Base64.urlsafe_encode64(bytes, padding: false)
end

def parley_proof(user)
  head = parley_encode({
    alg: "HS256",
    typ: "JWT",
    kid: "${keyId}"
  }.to_json)
  body = parley_encode({
    sub: user.id.to_s,
    aud: "${audience}",
    exp: Time.now.to_i + 3600,
    email: user.email,
    # True only if you have checked it.
    email_verified: user.email_verified
  }.to_json)
  text = "#{head}.#{body}"
  secret = ENV.fetch("${SECRET_VARIABLE}")
  signature = OpenSSL::HMAC.digest("SHA256", secret, text)
  "#{text}.#{parley_encode(signature)}"
end`;
    case "go":
      return `package parley

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"os"
	"time"
)

var encode = base64.RawURLEncoding.EncodeToString

func Proof(id, email string, emailVerified bool) (string, error) {
	head, err := json.Marshal(map[string]any{
		"alg": "HS256",
		"typ": "JWT",
		"kid": "${keyId}",
	})
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(map[string]any{
		"sub":   id,
		"aud":   "${audience}",
		"exp":   time.Now().Add(time.Hour).Unix(),
		"email": email,
		// True only if you have checked it.
		"email_verified": emailVerified,
	})
	if err != nil {
		return "", err
	}
	text := encode(head) + "." + encode(body)
	secret := os.Getenv("${SECRET_VARIABLE}")
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return text + "." + encode(mac.Sum(nil)), nil
}`;
  }
}

/** What the page calls with it. */
export const PAGE_CODE = `parley("auth", proofFromYourServer);

// When the person signs out:
parley("reset");`;
