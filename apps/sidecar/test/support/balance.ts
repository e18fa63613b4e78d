import { randomBytes } from 'node:crypto';
import type { GrpcClient, Message } from './grpc.ts';
import { bytes } from './payer.ts';

/** What one validator says of an account, with a fresh nonce. */
export async function statementOf(client: GrpcClient, owner: string, asset: string): Promise<Message> {
  const request = { owner: bytes(owner), asset: bytes(asset), client_nonce: randomBytes(16) };
  const { account } = (await client.call('GetAccount', request)) as { account: { statement: Message } };
  return account.statement;
}

/** Asks until the account has at least `amount`; the test's own time-out ends it. */
export async function waitForBalance(
  client: GrpcClient,
  owner: string,
  asset: string,
  amount: bigint,
): Promise<Message> {
  for (;;) {
    const statement = await statementOf(client, owner, asset);
    if (BigInt(String(statement.balance)) >= amount) return statement;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
