/** When to try again after a socket has closed. Pure, so that the policy can be read and tested. */

export type AfterClose = { kind: "sign_in" } | { kind: "reconnect"; delay: number };

const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 30_000;
/** After 4009 (too many connections) and 4029 (flooding) an eager client only makes it worse. */
const LATER = 10_000;

const SESSION_ENDED = 4001;
const COME_BACK_LATER = new Set([4009, 4029, 4400]);

/**
 * Exponential backoff with full jitter: when a server restarts, its thousand clients come back
 * spread over the whole interval and not in one wave. `spread`, in milliseconds, is how long that
 * interval should be, if the server said so before it went.
 */
export function afterClose(code: number, attempt: number, random: () => number, spread = 0): AfterClose {
  if (code === SESSION_ENDED) return { kind: "sign_in" };
  const ceiling = Math.min(LONGEST_DELAY, Math.max(spread, FIRST_DELAY * 2 ** attempt));
  const floor = COME_BACK_LATER.has(code) ? LATER : 0;
  return { kind: "reconnect", delay: floor + Math.round(random() * ceiling) };
}
