/** What the devnet's control address lets a caller do. */
export const controlLimits = {
  /** A request is an address at most. */
  requestBytes: 1_024,
  /** pathUSD base units of one gift: 100 USD. */
  faucetAmount: 100_000_000n,
  /** Gifts to one address for as long as the devnet runs. */
  giftsPerAddress: 20,
  /** Gifts at once and a second, to all together. */
  giftBurst: 10,
  giftsPerSecond: 2,
  /** Addresses remembered; when there are more, the longest silent one is forgotten. */
  rememberedAddresses: 10_000,
} as const;
