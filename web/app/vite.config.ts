import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const server = process.env.CROSSPOINT_URL ?? "http://localhost:8888";

export default defineConfig({
  resolve: {
    alias: { "@crosspoint/sdk": fileURLToPath(new URL("../sdk/src/index.ts", import.meta.url)) },
  },
  build: { target: "es2022", sourcemap: true, assetsInlineLimit: 0 },
  server: {
    port: 5173,
    proxy: {
      "/ws": { target: server.replace(/^http/, "ws"), ws: true },
      "/api": { target: server },
    },
  },
});
