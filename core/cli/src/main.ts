#!/usr/bin/env node
import { messageOf } from '@stele/sdk';
import { CommanderError } from 'commander';
import { exitCode } from './exit-code.ts';
import { version } from './place.ts';
import { createProgram } from './program.ts';
import { say } from './terminal.ts';

// Each command brings its modules when it is given: help and version answer at once.
const program = createProgram(
  {
    up: async (options) => (await import('./up/up.ts')).up(options),
    doctor: async (options) => (await import('./doctor/doctor.ts')).doctor(options),
    listPlugins: async (options) => (await import('./plugins.ts')).listPlugins(options),
    switchPlugin: async (...words) => (await import('./plugins.ts')).switchPlugin(...words),
    logInLink: async (...words) => (await import('./log-in-link.ts')).logInLink(...words),
  },
  version(),
);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = codeOf(error);
}

/** Commander has said what is wrong by itself; it counts help, version and mistakes as errors. */
function codeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.fine : exitCode.usage;
  say(messageOf(error));
  return exitCode.failed;
}
