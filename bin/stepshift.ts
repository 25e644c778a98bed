#!/usr/bin/env node
// The doorway of the command line.
import { processIo } from '../src/cli/process-io.ts';
import { runCli } from '../src/cli/program.ts';

process.exitCode = await runCli(process.argv.slice(2), processIo());
