import { z } from 'zod';

const duration = z.int().nonnegative().describe('milliseconds');
const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/);

export const remediationConfig = z.strictObject({
  enabled: z.boolean().default(true).describe('false: beats with aiRemediation run with their ordinary retry alone'),
  coordinatorTimeoutMs: duration
    .min(1_000)
    .default(600_000)
    .describe('milliseconds for one decision; then the ordinary retry policy goes on'),
  searchMs: duration.default(30_000).describe('milliseconds that the repair engine searches for a patch; 0: it is not asked'),
  awaitPersonMs: duration.default(0).describe("milliseconds that an escalation waits for a person's decision; 0: not at all"),
});

/** Addresses that are secrets are named by variables of the environment. */
export const notifyConfig = z.strictObject({
  slack: z
    .strictObject({ urlEnv: variable.default('SLACK_WEBHOOK_URL').describe('name of the variable that holds the incoming webhook') })
    .optional(),
  email: z
    .strictObject({
      to: z.array(z.email()).min(1),
      from: z.email(),
      smtpEnv: variable.default('SMTP_URL').describe('name of the variable that holds smtp[s]://user:password@host:port'),
    })
    .optional(),
  webhook: z
    .strictObject({ url: z.url({ protocol: /^https?$/ }).describe('gets the escalation as JSON by POST; Idempotency-Key is its id') })
    .optional(),
});
export type NotifyConfig = z.infer<typeof notifyConfig>;
