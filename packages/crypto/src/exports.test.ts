import { expect, it } from 'vitest';
import * as browser from './browser.ts';
import * as pure from './index.ts';
import * as node from './node.ts';

it('exports these names and no others', () => {
  const names = { pure, node, browser };
  expect(
    Object.fromEntries(Object.entries(names).map(([name, all]) => [name, Object.keys(all).sort()])),
  ).toMatchInlineSnapshot(`
    {
      "browser": [
        "createBrowserEngine",
      ],
      "node": [
        "createNodeEngine",
        "createNodeSecp256k1Signer",
        "createNodeVotingSigner",
      ],
      "pure": [
        "addressOfPublicKey",
        "assertValidVotingKey",
        "checkOrder",
        "createPortableEngine",
        "createSecp256k1Signer",
        "createVerificationContext",
        "createVotingSigner",
        "parseTempoSignature",
        "serializeTempoSignature",
        "signCommit",
        "signVote",
        "verifyCommit",
        "verifyCommitCertificate",
        "verifyPayerSignature",
        "verifyQuorumCertificate",
        "verifySignedOrder",
        "verifyStatement",
        "verifyVote",
      ],
    }
  `);
});
