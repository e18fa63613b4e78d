import { parseAmount } from '@fastpay/protocol';
import { expect, type Locator, type Page } from '@playwright/test';

/** Turning a password into a key is slow on purpose, and slower on a busy machine. */
const SEALING_TIMEOUT_MS = 60_000;

/** The wallet as a person finds things in it: by what they are called. */
export class WalletPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get balance(): Locator {
    return this.page.getByTestId('balance');
  }

  private get balanceProof(): Locator {
    return this.page.getByTestId('balance-proof');
  }

  get activityItems(): Locator {
    return this.page.getByTestId('activity-item');
  }

  get headline(): Locator {
    return this.page.getByTestId('payment-headline');
  }

  get verified(): Locator {
    return this.page.getByTestId('payment-verified');
  }

  get offlineBanner(): Locator {
    return this.page.getByTestId('offline-banner');
  }

  async open(path = '/'): Promise<void> {
    await this.page.goto(path);
  }

  private button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  private heading(name: string | RegExp): Locator {
    return this.page.getByRole('heading', { level: 1, name });
  }

  /** The main navigation, whichever of the two this window has. */
  async go(destination: 'Home' | 'Activity' | 'Pay' | 'Receive' | 'Network'): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: destination }).click();
  }

  async openDemo(name: 'Alice' | 'Bob' | 'Carol'): Promise<void> {
    await this.button(name).click();
    await this.page.getByTestId('demo-badge').waitFor();
  }

  /** Creates a wallet as a careful person does, and gives back its twelve words. */
  async createWallet(password: string): Promise<readonly string[]> {
    await this.button('Create a wallet').click();
    await this.heading('Write these twelve words down').waitFor();
    const words = await this.page.getByTestId('phrase').locator('[data-word]').allTextContents();
    await this.button('I have written them down').click();
    await this.heading('Check your paper').waitFor();
    const questions = this.page.getByRole('group', { name: /^Word \d+$/ });
    await expect(questions).toHaveCount(3);
    for (const question of await questions.all()) {
      const place = Number((await question.locator('legend').textContent())?.replace('Word ', ''));
      await question.getByText(words[place - 1] ?? '', { exact: true }).click();
    }
    await this.button('Check').click();
    await this.page.getByLabel('Password', { exact: true }).fill(password);
    await this.page.getByLabel('Repeat the password').fill(password);
    await this.button('Create the wallet').click();
    await this.balance.waitFor({ timeout: SEALING_TIMEOUT_MS });
    return words;
  }

  /** A wallet whose key stays in this browser: nothing to write down. */
  async createDeviceKey(): Promise<void> {
    await this.button('A key for this device only').click();
    await this.button('Make the key').click();
    await this.balance.waitFor();
  }

  async importWallet(words: readonly string[], password: string): Promise<void> {
    await this.button('Import a phrase').click();
    await this.page.getByRole('textbox').fill(words.join(' '));
    await this.button(/^(Next|Continue|Import)/).click();
    await this.page.getByLabel('Password', { exact: true }).fill(password);
    await this.page.getByLabel('Repeat the password').fill(password);
    await this.button('Import the wallet').click();
    await this.balance.waitFor({ timeout: SEALING_TIMEOUT_MS });
  }

  async unlock(password: string): Promise<void> {
    await this.page.getByLabel('Password', { exact: true }).fill(password);
    await this.button('Unlock').click();
    await this.balance.waitFor({ timeout: SEALING_TIMEOUT_MS });
  }

  /** The balance in base units, once validators have vouched for it. */
  async readBalance(): Promise<bigint> {
    await this.expectVerified();
    const text = (await this.balance.locator('.visually-hidden').first().textContent()) ?? '';
    return parseAmount(text.replaceAll(',', ''));
  }

  async expectBalance(text: string): Promise<void> {
    await this.go('Home');
    await expect(this.balance).toContainText(text);
    await this.expectVerified();
  }

  /** A quorum vouches for the balance on the home screen now. */
  async expectVerified(): Promise<void> {
    await expect(this.balanceProof).toContainText('Verified by');
  }

  /** The last balance that a quorum vouched for, and that too few validators answer for a fresh one. */
  async expectLastVerifiedBalance(text: string): Promise<void> {
    await this.go('Home');
    await expect(this.balanceProof).toHaveText(/^Too few validators answer · verified /);
    await expect(this.balance).toContainText(text);
  }

  /** What is shown to somebody whom money reaches, while nothing else is being done. */
  async expectArrival(amount: string): Promise<void> {
    const arrival = this.page.getByTestId('received');
    await expect(arrival).toContainText(amount);
    await expect(arrival).toContainText('Certificate verified in this browser');
    await arrival.getByRole('button', { name: 'Done' }).click();
  }

  /** Whom and how much, up to the last look. */
  async preparePayment(recipient: string, amount: string): Promise<void> {
    await this.go('Pay');
    if (recipient.startsWith('0x') || recipient.startsWith('http')) {
      await this.page.getByLabel('Recipient').fill(recipient);
      await this.button('Next').click();
    } else {
      await this.button(new RegExp(`^${recipient}`)).click();
    }
    await this.heading('Amount').waitFor();
    await this.page.getByLabel('Amount', { exact: true }).fill(amount);
    await this.button('Review').click();
    await this.heading('Review').waitFor();
  }

  /** What the last look says will leave the balance, in base units. */
  async readCost(): Promise<bigint> {
    const name = this.page.locator('dt', { hasText: 'Leaves your balance' });
    const spoken = name.locator('xpath=following-sibling::dd').locator('.visually-hidden');
    return parseAmount(((await spoken.textContent()) ?? '').replaceAll(/[^\d.]/g, ''));
  }

  async confirm(): Promise<void> {
    await this.button(/^Pay \d/).click();
  }

  async pay(recipient: string, amount: string): Promise<void> {
    await this.preparePayment(recipient, amount);
    await this.confirm();
  }

  async expectPaid(): Promise<void> {
    await expect(this.headline).toHaveText(/^Paid in /);
    await expect(this.verified).toContainText('signatures in this browser');
  }

  /** Calls off the payment that is being waited for. */
  async cancelPayment(): Promise<void> {
    await this.button('Cancel the payment…').click();
    await this.page.getByRole('dialog').getByRole('button', { name: 'Cancel the payment' }).click();
  }

  async done(): Promise<void> {
    await this.button('Done').click();
    await this.balance.waitFor();
  }

  /** Money on Tempo, from the devnet's faucet. */
  async askFaucet(balanceAfter: string): Promise<void> {
    await this.go('Home');
    await this.page.getByRole('button', { name: 'Deposit', exact: true }).click();
    await this.heading('Deposit').waitFor();
    await this.button('Get test money').click();
    await expect(this.page.getByTestId('token-balance')).toContainText(balanceAfter);
  }

  async deposit(amount: string): Promise<void> {
    await this.page.getByLabel(/^Amount in/).fill(amount);
    await this.button(/^Deposit \d/).click();
    await expect(this.page.getByTestId('deposit-record').first()).toHaveAttribute('data-stage', 'credited', {
      timeout: 60_000,
    });
  }

  /** Who pays for the gas of a deposit, or how much it can be. */
  get networkFee(): Locator {
    return this.page.locator('dt', { hasText: /^Network fee/ }).locator('xpath=following-sibling::dd');
  }

  /** One of the four ways between FastPay and Tempo. */
  async goTempo(tab: 'Deposit' | 'Withdraw' | 'Send' | 'Exit'): Promise<void> {
    await this.go('Home');
    await this.page.getByRole('button', { name: 'Deposit', exact: true }).click();
    await this.page.getByRole('navigation', { name: 'Tempo' }).getByRole('link', { name: tab }).click();
    await this.heading(tab === 'Send' ? 'Send on Tempo' : tab).waitFor();
  }

  /** To one's own address on Tempo. */
  async withdraw(amount: string): Promise<void> {
    await this.goTempo('Withdraw');
    await this.page.getByLabel(/^Amount in/).fill(amount);
    await this.button('Review').click();
    await this.button(/^Withdraw \d/).click();
    await expect(this.headline).toHaveText(/^Withdrawal sealed in /);
    await this.done();
  }

  /** Tokens at one's own address on Tempo, in base units. */
  async readTokens(): Promise<bigint> {
    await this.goTempo('Deposit');
    const tokens = this.page.getByTestId('token-balance');
    await expect(tokens).toContainText(/\d/);
    return parseAmount(((await tokens.locator('.visually-hidden').textContent()) ?? '').replaceAll(/[^\d.]/g, ''));
  }

  /** A plain transfer on Tempo. */
  async sendOnTempo(recipient: string, amount: string, memo: string): Promise<void> {
    await this.goTempo('Send');
    await this.page.getByLabel('To address on Tempo').fill(recipient);
    await this.page.getByLabel(/^Amount in/).fill(amount);
    await this.page.getByLabel('Memo (optional)').fill(memo);
    await this.button(/^Send \d/).click();
    await this.page
      .getByRole('dialog')
      .getByRole('button', { name: /^Send \d/ })
      .click();
    await this.expectOnTempo('transfer', 'finalized');
  }

  async expectOnTempo(type: string, stage: string): Promise<void> {
    const record = this.page.getByTestId(`${type}-record`).first();
    await expect(record).toHaveAttribute('data-stage', stage, { timeout: 60_000 });
  }

  /** What the reserve contract itself says is one's own, on the exit screen. */
  get reserveBalance(): Locator {
    return this.page.locator('dt', { hasText: 'Yours in the reserve contract' }).locator('xpath=following-sibling::dd');
  }

  /** Brings the latest payment to the chain without anybody's help. */
  async settleLatest(): Promise<void> {
    await this.go('Activity');
    await this.activityItems.first().click();
    await this.button('Settle it yourself…').click();
    await this.page.getByRole('dialog').getByRole('button', { name: 'Settle it', exact: true }).click();
    await this.expectOnTempo('settle', 'finalized');
  }

  async requestExit(): Promise<void> {
    await this.button('Request an exit…').click();
    await this.page.getByRole('dialog').getByRole('button', { name: 'Request the exit' }).click();
    await this.expectOnTempo('requestExit', 'finalized');
  }

  async cancelExit(): Promise<void> {
    await this.button('Call the exit off').click();
    await this.expectOnTempo('cancelExit', 'finalized');
  }

  /** What waits in the reserve outside the ledger. */
  async fetchWaiting(): Promise<void> {
    await this.button('Fetch').click();
    await this.expectOnTempo('release', 'finalized');
  }

  async takeEverythingOut(): Promise<void> {
    await this.button(/^Take \d/).click();
    await this.expectOnTempo('exit', 'finalized');
  }

  /** The latest payment is said to be final on chain. */
  async expectLatestFinal(): Promise<void> {
    await this.go('Activity');
    await this.activityItems.first().click();
    await expect(this.page.getByText('Final on chain: Reported by the relay')).toBeVisible({ timeout: 60_000 });
  }

  /** Each stage of the payment on the screen has its time after the first one, those on chain too. */
  async expectStageTimes(count: number): Promise<void> {
    const stages = this.page.getByRole('region', { name: 'What happened' }).getByRole('listitem');
    await expect(stages).toHaveText([/./, ...Array.from({ length: count - 1 }, () => /\d (ms|s)$/)]);
  }

  /** The receiver's own address, as its receive screen shows it. */
  async readAddress(): Promise<string> {
    await this.go('Receive');
    const region = this.page.getByRole('region', { name: 'Your address' });
    const text = await region.locator('.visually-hidden, [class*="visually-hidden"]').first().textContent();
    return text?.trim() ?? '';
  }

  /** Everything that the wallet lists: payments and deposits. */
  async countPayments(): Promise<number> {
    await this.go('Activity');
    const status = this.page.getByText(/^\d+ (entry|entries) shown$/);
    return Number.parseInt((await status.textContent()) ?? '', 10);
  }

  /** The latest payment's details, which say that its certificate was verified here. */
  async openVerifiedPayment(): Promise<void> {
    // On a phone the payment has the screen to itself until one is done with it.
    const done = this.button('Done');
    if (await done.isVisible()) await done.click();
    await this.go('Activity');
    await this.activityItems.first().click();
    await expect(this.page.getByText('Verified in this browser against the committee it has pinned.')).toBeVisible();
  }

  async chooseTheme(theme: 'Light' | 'Dark'): Promise<void> {
    await this.page.goto('/#/settings');
    await this.heading('Settings').waitFor();
    await this.page.getByText(theme, { exact: true }).click();
  }
}
