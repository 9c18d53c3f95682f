/// The lead with which schemas are timed: a whole `lead.transfer/1` as a discipline inspection
/// commission would write it, everything in it invented.
enum SampleLead {
  static let schema = "lead.transfer/1"
  /// 2279 bytes.
  static let bytes = Array(text.utf8)

  private static let text = """
    {
      "docNo": "示纪移〔2026〕14号",
      "title": "示例医疗器械有限公司向医疗机构人员给付回扣案线索",
      "category": "other-violation",
      "industry": "education-health",
      "source": "case-handling",
      "legalBasis": [
        {
          "law": "中华人民共和国反不正当竞争法",
          "article": "第七条、第十九条"
        },
        {
          "law": "中华人民共和国监察法实施条例",
          "article": "第二百零七条"
        }
      ],
      "period": {
        "from": "2023-01-15",
        "to": "2025-06-30"
      },
      "place": "000000",
      "subjects": [
        {
          "name": "示例医疗器械有限公司",
          "uscc": "91000000MA0000103M",
          "role": "principal"
        },
        {
          "name": "孙某癸",
          "role": "responsible",
          "employer": "示例医疗器械有限公司",
          "isPublicOfficial": false
        },
        {
          "name": "示例市第九人民医院",
          "uscc": "120000004000001149",
          "role": "related"
        }
      ],
      "amountFen": 46800000,
      "facts": "我委在办理示例市第九人民医院原设备科工作人员受贿案中查明：2023年1月至2025年6月，示例医疗器械有限公司为在该院销售一次性耗材和检验试剂，由其区域\
    经理孙某癸经手，按照销售额百分之五的比例，以“学术推广费”“会务服务费”等名义，向该院设备科原工作人员给付财物共计人民币46.8万元。公司账目中将上述支出记为市场推广费用，没有\
    真实的推广活动。\\n涉案公职人员的职务犯罪问题已由我委调查终结，另行处理。示例医疗器械有限公司以给付财物的手段谋取交易机会，涉嫌商业贿赂，依照反不正当竞争法应当由市场监督管理\
    部门查处；同时，该公司在2024年度的供货价格较同期同类产品平均采购价高出约两成，可能存在价格违法行为。\\n现将上述线索移送你局依法查处。有关转账凭证、公司账页复印件和孙某癸\
    的谈话材料可由你局派员到我委查阅。请在立案后告知文号，并在作出处理决定后将决定书副本送我委。",
      "handler": {
        "unit": "示例市纪委监委第八审查调查室"
      },
      "classification": "非密",
      "replyBy": "2026-09-30",
      "attachments": []
    }

    """
}
