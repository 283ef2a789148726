/**
 * A post's own random key, by which the server recognises a repeat. crypto.randomUUID exists only
 * in secure contexts; a chat on plain http in a home network is not one.
 */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
