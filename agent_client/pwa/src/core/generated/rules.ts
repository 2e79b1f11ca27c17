/** The packaged rules of conduct of which a phone knows enough. Written by `python -m agent_client.pwa_types`; never edited by hand. */

import type { Policy } from "../policy/model";

export const DOOR_POLICY_SHA256 = "b16e65c60b31a007674d96da55a94d611c776bbf451c549e15f138755dd9305c";

export const DOOR_POLICY: Policy = {
 "id": "packaged",
 "rules": [
  {
   "channels": [
    "visit",
    "call",
    "message"
   ],
   "condition": {
    "agreement": true,
    "kind": "PermittedHours",
    "windows": [
     {
      "ends": "22:00",
      "starts": "08:00"
     }
    ]
   },
   "effective_from": "2025-02-28",
   "id": "CN-HOURS",
   "jurisdiction": "CN",
   "severity": "block",
   "source": "GB/T 45251-2025 互联网金融 个人网络消费信贷 贷后催收风控指引, 5.3",
   "text_en": "No contact between 22:00 and 08:00 unless agreed otherwise with the customer.",
   "text_zh": "除与债务人另有约定外，不得在每日 22:00 至次日 8:00 进行催收。"
  },
  {
   "channels": [
    "call"
   ],
   "condition": {
    "concerns": "effective",
    "counts": "effective",
    "days": 1,
    "kind": "ContactLimit",
    "limit": 3
   },
   "effective_from": "2025-02-28",
   "id": "CN-CALLS-DAY",
   "jurisdiction": "CN",
   "severity": "block",
   "source": "GB/T 45251-2025 互联网金融 个人网络消费信贷 贷后催收风控指引, 5.3",
   "text_en": "At most three effective calls a day.",
   "text_zh": "每日有效催收电话不超过 3 次。"
  },
  {
   "channels": [
    "visit"
   ],
   "condition": {
    "agreement": true,
    "kind": "PermittedHours",
    "windows": [
     {
      "ends": "20:00",
      "starts": "09:00"
     }
    ]
   },
   "effective_from": "2026-01-01",
   "house": true,
   "id": "HOUSE-HOURS",
   "jurisdiction": "*",
   "severity": "warn",
   "source": "House rules of conduct, 1 (own hours)",
   "text_en": "House rule: visits between 09:00 and 20:00, or when the customer asked for it.",
   "text_zh": "内部规定：上门时间为 9:00 至 20:00，客户预约的除外。"
  },
  {
   "channels": [
    "visit"
   ],
   "condition": {
    "days": 7,
    "kind": "ContactLimit",
    "limit": 3
   },
   "effective_from": "2026-01-01",
   "house": true,
   "id": "HOUSE-VISITS-WEEK",
   "jurisdiction": "*",
   "severity": "warn",
   "source": "House rules of conduct, 2 (frequency)",
   "text_en": "House rule: at most three visits to a customer within seven days.",
   "text_zh": "内部规定：7 日内对同一客户上门不超过 3 次。"
  },
  {
   "channels": [
    "message"
   ],
   "condition": {
    "days": 1,
    "kind": "ContactLimit",
    "limit": 2
   },
   "effective_from": "2026-01-01",
   "house": true,
   "id": "HOUSE-MESSAGES-DAY",
   "jurisdiction": "*",
   "severity": "warn",
   "source": "House rules of conduct, 2 (frequency)",
   "text_en": "House rule: at most two messages a day.",
   "text_zh": "内部规定：每日消息不超过 2 条。"
  },
  {
   "channels": [
    "visit",
    "call"
   ],
   "condition": {
    "hours_max": 24,
    "kind": "SnapshotAge"
   },
   "effective_from": "2026-01-01",
   "house": true,
   "id": "HOUSE-SNAPSHOT",
   "jurisdiction": "*",
   "severity": "warn",
   "source": "House rules of conduct, 9 (data)",
   "text_en": "House rule: speak of amounts only by data that is at most 24 hours old.",
   "text_zh": "内部规定：所依据的账户数据不得超过 24 小时。"
  }
 ],
 "title_en": "China: collection of consumer credit and card debt + House rules",
 "title_zh": "中国：个人消费信贷与信用卡催收＋内部行为规范",
 "version": 1
};

/** Channel → English, Chinese. */
export const CHANNEL_WORDS = {"visit": ["visit", "上门"], "call": ["call", "电话"], "message": ["message", "短信或消息"], "letter": ["letter", "信函"]} as const;
