/** A sentence or so in many scripts, with what is hard about each: marks, directions, signs beyond 16 bits. */
export const scripts: readonly string[] = [
  "The quick brown fox doesn't jump over 13 lazy dogs; it'll sleep.",
  "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich.",
  "Cafe\u0301 and café, A\u030a and Å, n\u0303\u0323",
  "Ταΐστε τη γάτα: ξεσκεπάζω την ψυχοφθόρα βδελυγμία.",
  "Съешь ещё этих мягких французских булок, да выпей чаю.",
  "דג סקרן שט בים מאוכזב ולפתע מצא חברה",
  "صِف خَلقَ خَودِ كَمِثلِ الشَمسِ إِذ بَزَغَت",
  "ऋषियों को सताने वाले दुष्ट राक्षसों का सर्वनाश",
  "เป็นมนุษย์สุดประเสริฐเลิศคุณค่า",
  "いろはにほへと ちりぬるを カタカナ",
  "視野無限廣,窗外有藍天。鲸鱼 1851 年",
  "키스의 고유조건은 입술끼리 만나야 하고",
  "🐳🐋 👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇫🇷",
  "𝔐𝔬𝔟𝔶 𝄞 𠜎𠜱",
  "a\u200bb\u00a0c\u2028d\u3000e\u0000f",
];
