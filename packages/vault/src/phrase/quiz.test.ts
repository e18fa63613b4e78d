import { beforeAll, expect, test } from 'vitest';
import { seededRandom } from '../random.fixtures.ts';
import { checkPhrase, type Phrase, wordsOf } from './phrase.ts';
import { createQuiz, isQuizPassed } from './quiz.ts';

let phrase: Phrase;
beforeAll(async () => {
  phrase = await checkPhrase('ozone drill grab fiber curtain grace pudding thank cruise elder eight picnic');
});

test('asks for distinct places in order, with the right word among distinct choices', async () => {
  const words = wordsOf(phrase);
  for (let seed = 1; seed <= 20; seed++) {
    const quiz = await createQuiz(phrase, { questions: 3, choices: 4 }, seededRandom(seed));
    const positions = quiz.map(({ position }) => position);
    expect(positions).toEqual([...new Set(positions)].toSorted((left, right) => left - right));
    expect(quiz).toHaveLength(3);
    for (const { position, choices } of quiz) {
      expect(choices).toContain(words[position]);
      expect(new Set(choices).size).toBe(4);
    }
  }
});

test('some wrong choices are words of the phrase at other places', async () => {
  const [question] = await createQuiz(phrase, {}, seededRandom(5));
  const own = wordsOf(phrase).filter((_, index) => index !== question?.position);
  expect(question?.choices.some((choice) => own.includes(choice))).toBe(true);
});

test('a phrase that repeats one word still makes a quiz', async () => {
  const repeated = await checkPhrase(`${'abandon '.repeat(11)}about`);
  const quiz = await createQuiz(repeated, { questions: 12, choices: 5 }, seededRandom(2));
  expect(quiz).toHaveLength(12);
  for (const { choices } of quiz) expect(new Set(choices).size).toBe(5);
});

test('passes only when every question is answered rightly', async () => {
  const words = wordsOf(phrase);
  const quiz = await createQuiz(phrase, {}, seededRandom(9));
  const right = quiz.map(({ position }) => ({ position, word: words[position]?.toUpperCase() ?? '' }));
  expect(isQuizPassed(phrase, quiz, right)).toBe(true);
  expect(isQuizPassed(phrase, quiz, right.slice(1))).toBe(false);
  expect(isQuizPassed(phrase, quiz, [...right.slice(1), { position: quiz[0]?.position ?? 0, word: 'zoo' }])).toBe(
    false,
  );
});
