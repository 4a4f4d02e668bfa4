/** A picture and what a person calls it: for those who compare aloud, hear the page read, or have no such font. */
export interface Picture {
  readonly emoji: string;
  readonly name: string;
}

/** 64 that nobody takes for one another, six bits each. Their order is part of every room code. */
const alphabet: readonly Picture[] = (
  "🐶 dog,🐱 cat,🦁 lion,🐴 horse,🦄 unicorn,🐷 pig,🐘 elephant,🐰 rabbit,🐼 panda,🐓 rooster,🐧 penguin,🐢 turtle,🐟 fish," +
  "🐙 octopus,🦋 butterfly,🌷 tulip,🌳 tree,🌵 cactus,🍄 mushroom,🌏 globe,🌙 moon,☁️ cloud,🔥 fire,🍌 banana,🍎 apple," +
  "🍓 strawberry,🌽 corn,🍕 pizza,🎂 cake,❤️ heart,😀 smile,🤖 robot,🎩 hat,👓 glasses,🔧 spanner,🎅 santa,👍 thumb," +
  "☂️ umbrella,⌛ hourglass,⏰ clock,🎁 gift,💡 bulb,📕 book,✏️ pencil,📎 clip,✂️ scissors,🔒 lock,🔑 key,🔨 hammer," +
  "☎️ telephone,🏁 flag,🚂 train,🚲 bicycle,✈️ plane,🚀 rocket,🏆 trophy,⚽ ball,🎸 guitar,🎺 trumpet,🔔 bell," +
  "⚓ anchor,🎧 headphones,📁 folder,📌 pin"
)
  .split(",")
  .map(entry => {
    const [emoji = "", name = ""] = entry.split(" ");
    return { emoji, name };
  });

/** One for every six bits. */
export function pictures(bytes: Uint8Array): Picture[] {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  return Array.from({ length: (bytes.length * 8) / 6 }, (_, index) => {
    const shift = BigInt(bytes.length * 8 - 6 * (index + 1));
    return alphabet[Number((bits >> shift) & 63n)] ?? { emoji: "", name: "" };
  });
}
