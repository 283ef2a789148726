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

export const lasting = () => localStorage;
export const thisTab = () => sessionStorage;
