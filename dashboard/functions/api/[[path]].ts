import { forward } from "../worker.ts";

export const onRequest = forward;
