import { RejectError } from '@fastpay/protocol';
import { rejectFromError } from '@fastpay/rpc';

/** A relay's answer, converted. @throws RejectError and nothing else. */
export async function answer<Message, Value>(
  pending: Promise<Message>,
  convert: (message: Message) => Value,
): Promise<Value> {
  let message: Message;
  try {
    message = await pending;
  } catch (error) {
    throw rejectFromError(error);
  }
  return readable(() => convert(message));
}

/** A malformed answer is the relay's fault, not the request's: it must not look like a refusal. */
export function readable<Value>(convert: () => Value): Value {
  try {
    return convert();
  } catch (error) {
    if (!(error instanceof RejectError)) throw error;
    throw unreadable(error);
  }
}

function unreadable(cause: RejectError): RejectError {
  return new RejectError('TEMPORARILY_UNAVAILABLE', 'the relay’s answer cannot be read', {}, { cause });
}
