/**
 * One table of everything that can go wrong towards a client: the code, the HTTP status, and the
 * WebSocket close code where it ends a socket. Messages are for developers; screens have their own words.
 */
export const ERRORS = {
  bad_json: { status: 400, message: "The body is not valid JSON." },
  too_large: { status: 413, message: "The body or frame is larger than the limit." },
  too_deep: { status: 400, message: "The JSON is nested deeper than the limit." },
  binary_frame: { status: 400, message: "Binary frames are not part of the protocol." },
  invalid: { status: 400, message: "A field is missing or has the wrong shape." },
  unknown_type: { status: 400, message: "No frame or command has this type." },
  unknown_key: { status: 401, message: "No workspace has this site key." },
  origin_not_allowed: { status: 403, message: "This origin is not on the workspace's list." },
  not_signed_in: { status: 401, message: "Sign in first." },
  no_workspace: { status: 403, message: "Create or join a workspace first." },
  forbidden: { status: 403, message: "Your role does not allow this." },
  not_found: { status: 404, message: "There is nothing here." },
  deleted: { status: 410, message: "This is kept no longer." },
  conflict: { status: 409, message: "Somebody changed this in the meantime." },
  client_id_conflict: { status: 409, message: "This number was used for another content." },
  stream_window: { status: 409, message: "Too many numbers are missing before this one." },
  bad_token: { status: 401, message: "The token is not valid." },
  bad_proof: { status: 401, message: "The proof of identity is not valid." },
  unproven: { status: 401, message: "This workspace takes no identifier without a proof." },
  ended: { status: 401, message: "This right has ended." },
  bad_signature: { status: 401, message: "The signature is not valid." },
  bad_ticket: { status: 401, message: "The ticket is not valid any more." },
  rate_limited: { status: 429, message: "Too many requests. Try again shortly." },
  too_many_codes: { status: 429, message: "Too many codes were asked for. Try again later." },
  wrong_code: { status: 401, message: "This code is wrong or has expired." },
  code_expired: { status: 401, message: "This code has expired." },
  code_used: { status: 401, message: "This code has been used." },
  too_many_tries: { status: 401, message: "This code was tried too often. Ask for another one." },
  limit_reached: { status: 409, message: "A limit is reached." },
  reserved_name: { status: 400, message: "This name is reserved." },
  bad_condition: { status: 400, message: "The condition has a flaw." },
  bad_template: { status: 400, message: "The template cannot be read." },
  not_an_image: { status: 415, message: "Only PNG, JPEG and WebP pictures are accepted." },
  not_configured: { status: 503, message: "The installation lacks a binding or a secret." },
  overloaded: { status: 503, message: "Too busy at the moment. Try again shortly." },
  internal: { status: 500, message: "Something went wrong on our side." },
} as const satisfies Record<string, { status: number; message: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** WebSocket close codes, and whether a client may connect again by itself. */
export const CLOSE = {
  /** The right behind the socket has ended (reset, sign-out, removal). Do not reconnect with it. */
  ended: 4401,
  /** The device has got another right, or its person is somebody new now. Boot answers its browser with that. */
  moved: 4410,
  /** Too many frames. Reconnect after a pause. */
  flooding: 4429,
  /** Replaced by a newer socket of the same device or session. */
  replaced: 4409,
} as const;

export type ErrorBody = { error: { code: ErrorCode; message: string } };

/** The body of every error answer. */
export function errorBody(code: ErrorCode, message: string = ERRORS[code].message): ErrorBody {
  return { error: { code, message } };
}

/** A failure that crosses RPC or HTTP. `name` and `code` survive the crossing. */
export class CodedError extends Error {
  override readonly name = "CodedError";
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string = ERRORS[code].message) {
    super(message);
    this.code = code;
  }
}

/** The code of an error from anywhere, also one that crossed RPC and lost its class. */
export function errorCodeOf(error: unknown): ErrorCode {
  if (typeof error === "object" && error !== null && "code" in error) {
    const { code } = error;
    if (typeof code === "string" && Object.hasOwn(ERRORS, code)) return code as ErrorCode; // checked just before
  }
  return "internal";
}
