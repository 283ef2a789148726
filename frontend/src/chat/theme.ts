import { ref } from "vue";
import { lasting, recall, remember } from "../text/storage";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export const theme = ref<Theme>(recall<Theme>(lasting, "theme") ?? "system");

/** theme.js does the same before the first paint. */
export function chooseTheme(chosen: Theme): void {
  theme.value = chosen;
  remember(lasting, "theme", chosen === "system" ? null : chosen);
  if (chosen === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
}
