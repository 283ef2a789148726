/**
 * What this browser remembers. Storage can be full, switched off or forbidden; then it is forgotten,
 * and nothing else breaks.
 */
export function recall<Value>(storage: () => Storage, key: string): Value | null {
  try {
    const value = storage().getItem(`besedka.${key}`);
    return value === null ? null : (JSON.parse(value) as Value);
  } catch {
    return null;
  }
}

export function remember(storage: () => Storage, key: string, value: unknown): void {
  try {
    if (value === null) storage().removeItem(`besedka.${key}`);
    else storage().setItem(`besedka.${key}`, JSON.stringify(value));
  } catch {
    return;
  }
}

/** What one person wrote and visited is not for the next one at this browser; its looks are. */
export function forgetPerson(): void {
  for (const storage of [lasting, thisTab]) {
    try {
      for (const key of Object.keys(storage()))
        if (/^besedka\.(draft|pending|room)\b/.test(key)) storage().removeItem(key);
    } catch {
      continue;
    }
  }
}

export const lasting = () => localStorage;
export const thisTab = () => sessionStorage;
