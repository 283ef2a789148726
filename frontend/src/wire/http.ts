import { Disconnected, Refusal } from "./shapes";

/** A write of the HTTP API. Rejects with what was refused, as requests on the socket do. */
export async function send(method: "PUT" | "DELETE", path: string, body?: object): Promise<void> {
  const answer = await fetch(`/api/v1/${path}`, {
    method,
    ...(body && { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
  }).catch(() => {
    throw new Disconnected();
  });
  if (answer.ok) return;
  const problem = (await answer.json().catch(() => ({}))) as { code?: string; detail?: string };
  throw new Refusal(problem.code ?? "unknown", problem.detail ?? "");
}
