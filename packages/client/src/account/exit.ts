import type { AccountId } from '@fastpay/protocol';
import type { ClientCore } from '../core.ts';
import { askStatements } from './statements.ts';
import { toldAlike } from './summary.ts';

/**
 * When an account can leave, as validators of stake ≥ v tell it beside their statements (§7 rule 7). A relay can keep it
 * back or make it up; nothing rests on it but a warning.
 * @throws RejectError TEMPORARILY_UNAVAILABLE.
 */
export async function exitOf(core: ClientCore, account: AccountId): Promise<bigint | undefined> {
  const statements = await askStatements(core, account);
  return toldAlike(core.context.committee, statements, ({ exitReadyAt }) => exitReadyAt, String);
}
