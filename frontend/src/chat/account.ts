import { send } from "../wire/http";
import type { Device, Token, User } from "../wire/shapes";

/** What one does with one's own account. */
export async function changeName(name: string): Promise<User> {
  const { user } = await send<{ user: User }>("PATCH", "users/me", { display_name: name });
  return user;
}

/** All other devices are signed out. */
export function changePassword(current: string, wanted: string): Promise<void> {
  return send("PUT", "password", { current, new: wanted });
}

/** Mine, this one first, then by when they were last seen. */
export async function listDevices(): Promise<Device[]> {
  const { sessions } = await send<{ sessions: Device[] }>("GET", "sessions");
  return sessions.sort((a, b) => Number(b.current) - Number(a.current) || b.seen_at.localeCompare(a.seen_at));
}

export function endDevice(device: Device): Promise<void> {
  return send("DELETE", `sessions/${device.id}`);
}

export async function endOtherDevices(): Promise<void> {
  await send("DELETE", "sessions");
}

/** What programs of mine come with, the latest used first. */
export async function listTokens(): Promise<Token[]> {
  const { tokens } = await send<{ tokens: Token[] }>("GET", "tokens");
  return tokens;
}

/** The secret, which is told this once. It lasts for so many days; 0: until it is ended. */
export async function createToken(name: string, days: number): Promise<string> {
  const { secret } = await send<{ secret: string }>("POST", "tokens", { name, ...(days && { expires_in_days: days }) });
  return secret;
}

export function endToken(token: Token): Promise<void> {
  return send("DELETE", `tokens/${token.id}`);
}
