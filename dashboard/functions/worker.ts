/** What every function of this project has: the Worker, reached by service binding. */
export type FunctionContext = {
  request: Request;
  env: { API: { fetch(request: Request): Promise<Response> } };
};

/** Forwards a request to the Worker as it is, socket upgrades included. */
export const forward = ({ request, env }: FunctionContext): Promise<Response> =>
  env.API.fetch(request);
