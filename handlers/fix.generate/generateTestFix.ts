import type { Handler } from '@selfheal/contracts';
import { generateTests } from '@selfheal/repair';

/**
 * fix.generate, movement "generate": regression tests from production data, in the repository's own runner and style, best first.
 * Reads: diagnosis, anomaly, sources. Writes: nothing. Failures: none; what could not be written is noted.
 */
export const generateTestFix: Handler<'generateTestFix'> = (input) => generateTests(input);
