/** Preloaded into each Node.js contestant: on SIGUSR2 it collects garbage, so that what is live can be told apart. */
process.on('SIGUSR2', () => {
  globalThis.gc?.();
});

export {};
