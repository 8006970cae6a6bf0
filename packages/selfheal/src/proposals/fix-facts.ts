import type { FailureFacts } from '@selfheal/ai';
import type { CodeLocation, FixQuestion, Records } from '@selfheal/contracts';
import { diagnosedFiles } from '@selfheal/repair';
import { incidentFacts } from '../ai/incident-facts.ts';

/** What is known of an incident, with what its diagnosis found and the test that a fix must make pass. Fails with RECORD_MISSING. */
export async function fixFacts(records: Records, { diagnosis, test }: FixQuestion): Promise<FailureFacts> {
  const { analysis, incidentId } = diagnosis;
  const facts = await incidentFacts(records, incidentId);
  const { incident } = facts.subject;
  const places = [analysis.rootCause, ...analysis.alternatives].map(({ location }) => frameOf(location));
  const [call] = analysis.failingCalls;
  return {
    ...facts,
    subject: {
      ...facts.subject,
      ...(incident && {
        incident: {
          ...incident,
          cause: analysis.rootCause.explanation,
          files: diagnosedFiles(analysis).join(', '),
          ...(test && { proof: test.expectation }),
        },
      }),
    },
    ...(facts.error && { error: { ...facts.error, stack: [facts.error.stack ?? '', ...places].join('\n') } }),
    ...(call && { input: call.input }),
    ...(test && { test: { file: test.file, text: test.edits.map(({ replace }) => replace).join('\n') } }),
  };
}

/** As a line of a stack, so that the code there is shown. */
function frameOf({ file, line, column = 1, function: name = '<diagnosed>' }: CodeLocation): string {
  return `    at ${name} (${file}:${line}:${column})`;
}
