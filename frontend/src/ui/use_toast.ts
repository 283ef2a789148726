import { ref } from "vue";

const LASTS = 4_000;

/** A word to the reader that goes away by itself. */
export function useToast() {
  const toasted = ref("");
  let ends: ReturnType<typeof setTimeout> | undefined;

  function toast(text: string): void {
    toasted.value = text;
    clearTimeout(ends);
    ends = setTimeout(() => (toasted.value = ""), LASTS);
  }

  return { toasted, toast };
}
