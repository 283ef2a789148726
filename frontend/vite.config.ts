import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

// The output is committed, so that running the server needs no Node. Its manifest is what the
// templates' script() and styles() read; it must not end in a dot-folder, which packagers skip.
export default defineConfig({
  base: "/static/app/",
  plugins: [vue()],
  build: {
    outDir: "../src/adapters/http/static/app",
    emptyOutDir: true,
    manifest: "manifest.json",
    // An inlined asset becomes a data: address; only pictures may have one under our policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { main: "src/main.ts", pages: "src/pages.ts" },
    },
  },
  test: {
    include: ["src/**/*.test.ts"],
    environment: "node",
  },
});
