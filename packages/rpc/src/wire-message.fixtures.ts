import {
  type DescMessage,
  type DescMethodUnary,
  fromBinary,
  type MessageShape,
  toBinary,
  toJsonString,
} from '@bufbuild/protobuf';
import { createClientMethodSerializers } from '@connectrpc/connect/protocol';
import { utf8 } from '@fastpay/protocol';
import fc from 'fast-check';
import { expect } from 'vitest';
import * as rpc from './index.ts';

/** One message on the wire with its two converters. `Value` differs from message to message, and stays inside. */
export interface WireMessage {
  readonly name: string;
  /** The name of the converter that reads it. */
  readonly reader: string;
  /** Bytes of valid messages. */
  readonly anyBytes: fc.Arbitrary<Uint8Array>;
  /** JSON text of valid messages, as Connect takes it too. */
  readonly anyText: fc.Arbitrary<string>;
  /** Parses like a server does and converts. @throws ConnectError, RejectError. */
  decode(bytes: Uint8Array): unknown;
  decodeText(text: string): unknown;
  /** The way out and back, and out again. */
  checkRoundTrip(): void;
}

export function wireMessage<Value, Desc extends DescMessage>(
  schema: Desc,
  arbitrary: fc.Arbitrary<Value>,
  toProto: (value: Value) => MessageShape<Desc>,
  fromProto: (message: MessageShape<Desc>) => Value,
): WireMessage {
  const method = { ...rpc.ValidatorService.method.getChainHead, input: schema, output: schema } as DescMethodUnary<
    Desc,
    Desc
  >;
  const binary = createClientMethodSerializers(method, true);
  const json = createClientMethodSerializers(method, false);
  return {
    name: schema.name,
    reader: fromProto.name,
    anyBytes: arbitrary.map((value) => toBinary(schema, toProto(value))),
    anyText: arbitrary.map((value) => toJsonString(schema, toProto(value))),
    decode: (bytes) => fromProto(binary.parse(bytes)),
    decodeText: (text) => fromProto(json.parse(utf8(text))),
    checkRoundTrip: () =>
      fc.assert(
        fc.property(arbitrary, (value) => {
          const bytes = toBinary(schema, toProto(value));
          const back = fromProto(fromBinary(schema, bytes));
          expect(back).toEqual(value);
          expect(toBinary(schema, toProto(back))).toEqual(bytes);
        }),
        { numRuns: 30 },
      ),
  };
}
