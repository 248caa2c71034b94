import { defineConfig } from 'vite';

// Relative addresses, so that the console works behind any path prefix; one script, one style sheet.
export default defineConfig({
  base: './',
  build: {
    assetsInlineLimit: 0,
    modulePreload: false,
    target: 'es2022',
    reportCompressedSize: false,
  },
});
