import type { Handler } from '@selfheal/contracts';

/**
 * validation.run, movement results. Closes the run with what deployment needs and one sentence for people.
 * Reads: the verdict. Writes: nothing. Fails: never.
 */
export const validateCompleted: Handler<'validateCompleted'> = ({ validationId, validation }) => {
  const { passed, confidence, patchHash, checks, proof, tests } = validation;
  const failed = checks.filter((check) => check.required && !check.passed);
  const summary = passed
    ? `Proved: ${proof.detail}. ${tests.passed} tests pass, none changed its result. Confidence ${Math.round(confidence * 100)} %.`
    : `Not proved: ${failed.map(({ name, detail }) => `${name}: ${detail}`).join('; ')}.`;
  return { validationId, passed, confidence, patchHash, summary };
};
