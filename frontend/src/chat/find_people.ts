import type { User } from "../wire/shapes";

/** People by the beginning of their names; nobody when the server cannot be asked. */
export async function findPeople(query: string): Promise<readonly User[]> {
  try {
    const answer = await fetch(`/api/v1/users?query=${encodeURIComponent(query)}`);
    return answer.ok ? ((await answer.json()) as { users: User[] }).users : [];
  } catch {
    return [];
  }
}
