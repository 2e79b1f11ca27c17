/**
 * Amounts in words, as they stand on cheques and receipts, so that no figure can be added afterwards.
 *
 * Chinese follows the People's Bank of China's rules for payment vouchers (支付结算办法, annex 正确填写票据和结算凭证的基本规定):
 * 整 after 元 or 角 and never after 分; one 零 for any run of zeros inside; 零 after 元 when there is no 角 but a 分; 壹拾, never a
 * bare 拾. Where the rules leave 零 after a zero unit of 元 open, it is written, because it leaves no room for an addition.
 *
 *     140950 fen → 人民币壹仟肆佰零玖元伍角整, One thousand four hundred nine yuan and fifty fen
 */
import type { Currency } from "./generated/types";
import { checkAmount, currency } from "./money";
import type { Language } from "./texts";

/** The amount with its currency's name; throws ARGUMENT-WRONG as `checkAmount`. */
export function amountInWords(amountMinor: number, code: string, language: Language): string {
  return language === "zh" ? chineseWords(amountMinor, code) : englishWords(amountMinor, code);
}

const DIGITS = "零壹贰叁肆伍陆柒捌玖";
const PLACES = ["", "拾", "佰", "仟"];
const CHINESE_NAMES: Readonly<Record<Currency, string>> = {
  CNY: "人民币",
  EUR: "欧元",
  GBP: "英镑",
  HKD: "港币",
  INR: "印度卢比",
  JPY: "日元",
  TWD: "新台币",
  USD: "美元",
};

function chineseWords(amountMinor: number, code: string): string {
  const entry = currency(code);
  const hundredths = checkAmount(amountMinor) * 10 ** (2 - entry.exponent);
  const whole = Math.floor(hundredths / 100);
  const jiao = Math.floor((hundredths % 100) / 10);
  const fen = hundredths % 10;
  let text = whole > 0 ? `${chineseInteger(whole)}元` : "";
  if (jiao > 0) text += (whole > 0 && whole % 10 === 0 ? "零" : "") + `${DIGITS.charAt(jiao)}角`;
  else if (fen > 0 && whole > 0) text += "零";
  return CHINESE_NAMES[entry.code] + text + (fen > 0 ? `${DIGITS.charAt(fen)}分` : "整");
}

/** A positive integer below 10^16: groups of four digits, 万 within 亿. */
function chineseInteger(number: number): string {
  for (const [unit, name] of [[10 ** 8, "亿"], [10 ** 4, "万"]] as const) {
    if (number >= unit) {
      const [high, low] = [Math.floor(number / unit), number % unit];
      const gap = low > 0 && low < unit / 10 ? "零" : "";
      return chineseInteger(high) + name + gap + (low > 0 ? chineseInteger(low) : "");
    }
  }
  let text = "";
  let pendingZero = false;
  for (const place of [3, 2, 1, 0]) {
    const digit = Math.floor(number / 10 ** place) % 10;
    if (digit > 0) {
      text += (pendingZero ? "零" : "") + DIGITS.charAt(digit) + (PLACES[place] ?? "");
      pendingZero = false;
    } else if (text !== "") pendingZero = true;
  }
  return text;
}

const ONES = [
  "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
  "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
];
const TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const SCALES = [[10 ** 12, "trillion"], [10 ** 9, "billion"], [10 ** 6, "million"], [10 ** 3, "thousand"], [100, "hundred"]] as const;
/** One and many of the unit, one and many of the minor unit. */
const ENGLISH_UNITS: Readonly<Record<Currency, readonly [string, string, string, string]>> = {
  CNY: ["yuan", "yuan", "fen", "fen"],
  EUR: ["euro", "euros", "cent", "cents"],
  GBP: ["pound", "pounds", "penny", "pence"],
  HKD: ["Hong Kong dollar", "Hong Kong dollars", "cent", "cents"],
  INR: ["Indian rupee", "Indian rupees", "paisa", "paise"],
  JPY: ["yen", "yen", "", ""],
  TWD: ["New Taiwan dollar", "New Taiwan dollars", "cent", "cents"],
  USD: ["US dollar", "US dollars", "cent", "cents"],
};

function englishWords(amountMinor: number, code: string): string {
  const entry = currency(code);
  const unit = 10 ** entry.exponent;
  const [whole, rest] = [Math.floor(checkAmount(amountMinor) / unit), amountMinor % unit];
  const [one, many, minorOne, minorMany] = ENGLISH_UNITS[entry.code];
  const parts: string[] = [];
  if (whole > 0) parts.push(`${englishInteger(whole)} ${whole === 1 ? one : many}`);
  if (rest > 0) parts.push(`${englishInteger(rest)} ${rest === 1 ? minorOne : minorMany}`);
  const text = parts.join(" and ") + (rest > 0 ? "" : " only");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function englishInteger(number: number): string {
  for (const [unit, name] of SCALES) {
    if (number >= unit) {
      const [high, low] = [Math.floor(number / unit), number % unit];
      return `${englishInteger(high)} ${name}${low > 0 ? ` ${englishInteger(low)}` : ""}`;
    }
  }
  if (number < 20) return ONES[number] ?? "";
  const ones = number % 10;
  return (TENS[Math.floor(number / 10) - 2] ?? "") + (ones > 0 ? `-${ONES[ones] ?? ""}` : "");
}
