import { createHash } from 'node:crypto';
import { type AiSpend, type Records, SelfhealError } from '@selfheal/contracts';

export interface SpendLimits {
  readonly monthlyLimitUsd: number;
  readonly incidentLimitUsd: number;
}

/** Money set aside for one request. */
export interface Reservation {
  readonly costUsd: number;
  readonly spendIds: readonly string[];
}

export interface Usage {
  readonly costUsd: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/**
 * The durable account of what models cost, by month and by incident. A request is paid before it is sent: what it can cost at most is
 * reserved in one transaction, and after the answer exchanged for what it did cost. Who dies in between has spent the reservation, so
 * that no crash refills a budget.
 */
export interface SpendLedger {
  /** Fails with AI_BUDGET_REACHED where a limit would be passed; nothing is reserved then. */
  reserve(incidentId: string, costUsd: number): Promise<Reservation>;
  settle(reservation: Reservation, usage: Usage): Promise<void>;
  /** What was spent so far, reservations included. */
  spent(incidentId?: string): Promise<{ month: AiSpend; incident: AiSpend | undefined }>;
}

export interface LedgerOptions {
  readonly records: Records;
  readonly projectId: string;
  readonly limits: SpendLimits;
  /** Epoch ms. */
  readonly now: () => number;
}

type Scope = { readonly scope: AiSpend['scope']; readonly key: string; readonly limitUsd: number };

export function createSpendLedger({ records, projectId, limits, now }: LedgerOptions): SpendLedger {
  const month = (): Scope => ({ scope: 'month', key: new Date(now()).toISOString().slice(0, 7), limitUsd: limits.monthlyLimitUsd });
  const incident = (key: string): Scope => ({ scope: 'incident', key, limitUsd: limits.incidentLimitUsd });
  const load = async (from: Records, { scope, key }: Scope) =>
    (await from.get('aiSpend', spendId(projectId, scope, key))) ?? nothingSpent(projectId, scope, key);
  return {
    reserve: (incidentId, costUsd) =>
      records.transaction(async (trx) => {
        const spends: AiSpend[] = [];
        for (const scope of [month(), incident(incidentId)]) {
          const spend = await load(trx, scope);
          refuseBeyond(scope, spend, costUsd);
          spends.push({
            ...spend,
            costUsd: spend.costUsd + costUsd,
            reservedUsd: spend.reservedUsd + costUsd,
            calls: spend.calls + 1,
            updatedAt: now(),
          });
        }
        await trx.putAll('aiSpend', spends);
        return { costUsd, spendIds: spends.map(({ id }) => id) };
      }),
    settle: ({ costUsd, spendIds }, usage) =>
      records.transaction(async (trx) => {
        for (const id of spendIds) {
          await trx.update('aiSpend', id, (spend) => ({
            ...spend,
            costUsd: Math.max(0, spend.costUsd - costUsd + usage.costUsd),
            reservedUsd: Math.max(0, spend.reservedUsd - costUsd),
            inputTokens: spend.inputTokens + usage.inputTokens,
            outputTokens: spend.outputTokens + usage.outputTokens,
            updatedAt: now(),
          }));
        }
      }),
    spent: async (incidentId) => ({
      month: await load(records, month()),
      incident: incidentId === undefined ? undefined : await load(records, incident(incidentId)),
    }),
  };
}

function refuseBeyond({ scope, key, limitUsd }: Scope, spend: AiSpend, costUsd: number): void {
  if (spend.costUsd + costUsd <= limitUsd) return;
  const figures = `$${spend.costUsd.toFixed(4)} of $${limitUsd} are spent, and the request may cost $${costUsd.toFixed(4)}`;
  throw new SelfhealError('AI_BUDGET_REACHED', `${scope} ${key}: ${figures}`, { where: { scope, key } });
}

function spendId(projectId: string, scope: string, key: string): string {
  return createHash('sha256')
    .update(JSON.stringify([projectId, scope, key]))
    .digest('hex')
    .slice(0, 32);
}

function nothingSpent(projectId: string, scope: AiSpend['scope'], key: string): AiSpend {
  return {
    id: spendId(projectId, scope, key),
    projectId,
    scope,
    key,
    costUsd: 0,
    reservedUsd: 0,
    inputTokens: 0,
    outputTokens: 0,
    calls: 0,
    updatedAt: 0,
  };
}
