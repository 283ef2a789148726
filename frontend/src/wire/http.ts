import { Disconnected, Refusal } from "./shapes";

/** A call of the HTTP API. Rejects with what was refused, as requests on the socket do. */
export async function send<Answer = void>(
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  path: string,
  body?: object,
): Promise<Answer> {
  const answer = await fetch(`/api/v1/${path}`, {
    method,
    ...(body && { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Disconnected();
  });
  if (answer.ok) return (answer.status === 204 ? undefined : await answer.json()) as Answer;
  const problem = (await answer.json().catch(() => ({}))) as { code?: string; detail?: string; errors?: object };
  const field = Object.keys(problem.errors ?? {})[0] ?? null;
  throw new Refusal(problem.code ?? "unknown", problem.detail ?? "", "", false, null, field);
}
