import CityBase

/// Invented Chinese place names with their pinyin, each given once.
struct PlaceNames {
  struct Name: Equatable {
    var hanzi: String
    var pinyin: String
  }

  private static let heads = [
    Name(hanzi: "望", pinyin: "wang"), Name(hanzi: "澄", pinyin: "cheng"),
    Name(hanzi: "锦", pinyin: "jin"), Name(hanzi: "翠", pinyin: "cui"),
    Name(hanzi: "鹭", pinyin: "lu"), Name(hanzi: "霁", pinyin: "ji"),
    Name(hanzi: "朗", pinyin: "lang"), Name(hanzi: "沐", pinyin: "mu"),
    Name(hanzi: "枫", pinyin: "feng"), Name(hanzi: "瑶", pinyin: "yao"),
    Name(hanzi: "晴", pinyin: "qing"), Name(hanzi: "芦", pinyin: "lu"),
    Name(hanzi: "雁", pinyin: "yan"), Name(hanzi: "棠", pinyin: "tang"),
    Name(hanzi: "砚", pinyin: "yan"), Name(hanzi: "槐", pinyin: "huai"),
    Name(hanzi: "琴", pinyin: "qin"), Name(hanzi: "帆", pinyin: "fan"),
    Name(hanzi: "荻", pinyin: "di"), Name(hanzi: "曦", pinyin: "xi"),
    Name(hanzi: "珩", pinyin: "heng"), Name(hanzi: "榆", pinyin: "yu"),
    Name(hanzi: "藤", pinyin: "teng"),
  ]
  private static let tails = [
    Name(hanzi: "澜", pinyin: "lan"), Name(hanzi: "堤", pinyin: "di"),
    Name(hanzi: "洲", pinyin: "zhou"), Name(hanzi: "汀", pinyin: "ting"),
    Name(hanzi: "湾", pinyin: "wan"), Name(hanzi: "浦", pinyin: "pu"),
    Name(hanzi: "堰", pinyin: "yan"), Name(hanzi: "渡", pinyin: "du"),
    Name(hanzi: "岚", pinyin: "lan"), Name(hanzi: "苑", pinyin: "yuan"),
    Name(hanzi: "亭", pinyin: "ting"), Name(hanzi: "溪", pinyin: "xi"),
    Name(hanzi: "屿", pinyin: "yu"), Name(hanzi: "川", pinyin: "chuan"),
    Name(hanzi: "坞", pinyin: "wu"), Name(hanzi: "栈", pinyin: "zhan"),
    Name(hanzi: "潭", pinyin: "tan"), Name(hanzi: "岫", pinyin: "xiu"),
    Name(hanzi: "汐", pinyin: "xi"),
  ]
  private static let districts = [
    Name(hanzi: "河东新区", pinyin: "hedong-xinqu"), Name(hanzi: "澜西区", pinyin: "lanxi-qu"),
    Name(hanzi: "望潮区", pinyin: "wangchao-qu"), Name(hanzi: "锦川区", pinyin: "jinchuan-qu"),
    Name(hanzi: "鹭汀区", pinyin: "luting-qu"), Name(hanzi: "霁岚区", pinyin: "jilan-qu"),
    Name(hanzi: "枫堤区", pinyin: "fengdi-qu"), Name(hanzi: "晴浦区", pinyin: "qingpu-qu"),
    Name(hanzi: "雁洲区", pinyin: "yanzhou-qu"), Name(hanzi: "翠屿区", pinyin: "cuiyu-qu"),
    Name(hanzi: "沐溪区", pinyin: "muxi-qu"), Name(hanzi: "棠苑区", pinyin: "tangyuan-qu"),
    Name(hanzi: "砚湾区", pinyin: "yanwan-qu"), Name(hanzi: "琴渡区", pinyin: "qindu-qu"),
    Name(hanzi: "帆亭区", pinyin: "fanting-qu"), Name(hanzi: "荻潭区", pinyin: "ditan-qu"),
  ]
  private static let numerals = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"]

  private var taken = 0
  private let shift: Int

  /// Another `series` names other things of the same city in another order.
  init(random: RandomStream, series: Int) {
    shift = KeyedDraws(random, .cityLayout, 9, series).below(10_000, 0)
  }

  static func district(_ index: Int) -> Name { districts[index % districts.count] }

  /// The next name; a numeral is added once all pairs of characters are used up.
  mutating func next() -> Name {
    let pairs = Self.heads.count * Self.tails.count
    let round = taken / pairs
    // 23 and 19 share no factor, so that counting both up together meets every pair once.
    let place = taken % pairs + shift
    taken += 1
    let head = Self.heads[(place * 5) % Self.heads.count]
    let tail = Self.tails[(place * 7) % Self.tails.count]
    var name = Name(hanzi: head.hanzi + tail.hanzi, pinyin: head.pinyin + tail.pinyin)
    if round > 0 {
      let digits = String(round).compactMap { $0.wholeNumberValue }
      name.hanzi += digits.map { $0 == 0 ? "〇" : Self.numerals[$0 - 1] }.joined()
      name.pinyin += String(round)
    }
    return name
  }
}
