import { computed, ref } from "vue";
import type { Ref } from "vue";
import { completed, stepped, triggerAt } from "../text/completion";
import { suggestions } from "./suggestions";
import type { Offers } from "./suggestions";

/** The popup at a field: what it offers for the word at the cursor, and how keys move in it. */
export function useCompletion(
  text: Ref<string>,
  cursor: Ref<number>,
  offers: () => Offers,
  put: (text: string, cursor: number) => void,
  find = triggerAt,
) {
  const chosen = ref(0);
  const dismissed = ref("");

  const trigger = computed(() => find(text.value, cursor.value));
  const word = computed(() =>
    trigger.value ? `${trigger.value.from}${trigger.value.kind}${trigger.value.query}` : "",
  );
  const offered = computed(() =>
    trigger.value && dismissed.value !== word.value ? suggestions(trigger.value, offers()) : [],
  );

  function take(index: number): void {
    const suggestion = offered.value[index];
    if (!suggestion || !trigger.value) return;
    const { text: whole, cursor: at } = completed(text.value, trigger.value, suggestion.replacement);
    put(whole, at);
    chosen.value = 0;
  }

  /** True when the key was the popup's and nobody else should see it. */
  function handles(event: KeyboardEvent): boolean {
    if (offered.value.length === 0) return false;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        chosen.value = stepped(chosen.value, event.key === "ArrowDown" ? 1 : -1, offered.value.length);
        return true;
      case "Tab":
      case "Enter":
        if (event.shiftKey || (event.key === "Enter" && isWhole())) return false;
        take(chosen.value);
        return true;
      case "Escape":
        dismissed.value = word.value;
        return true;
      default:
        return false;
    }
  }

  /** A name that is typed out needs no completing: Enter is for sending it. */
  function isWhole(): boolean {
    const typedOut = trigger.value && text.value.slice(trigger.value.from, trigger.value.to);
    return offered.value[chosen.value]?.replacement.toLowerCase() === typedOut?.toLowerCase();
  }

  function typed(): void {
    chosen.value = 0;
  }

  return { offered, chosen, take, handles, typed };
}
