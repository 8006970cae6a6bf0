/** The oldest Node that can run the set-up; the tasks themselves run on the Node 24 that the set-up installs. */
const OLDEST = { major: 20, minor: 19 };

/** Returns why this Node cannot run the set-up and what to do, or undefined when it can. `version` is as in `process.versions.node`. */
export function nodeVersionProblem(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)) return undefined;
  return `Node ${version} is too old: install Node ${OLDEST.major}.${OLDEST.minor} or newer from https://nodejs.org and run this again.`;
}
