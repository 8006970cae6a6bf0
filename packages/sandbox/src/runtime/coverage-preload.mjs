/** Loaded with `--import` into every process of node:test and mocha while coverage is collected. */
import { startCollecting, writeCoverage } from './v8-collector.mjs';

startCollecting();
process.on('exit', () => writeCoverage());
