"""Words around names in Latin letters that tell them: titles, degrees, relations, what a named person does."""

from __future__ import annotations

import re

from bencao.records.deidentify.finding.lexicon import word_set

TITLE = word_set(
    "mr mrs ms miss mx dr doctor prof professor nurse rev reverend father sister judge officer detective sgt "
    "capt lt madam mme sir chaplain attorney coach rabbi pastor dame"
)
CREDENTIAL = word_set(
    "md do rn np pa phd facs lpn pharmd lcsw dds mbbs msn bsn crna frcp frcs dpm dmd aprn cnp fnp ma mph mba "
    "rph rd pt ot cna facp m.d d.o r.n ph.d n.p p.a pa-c arnp dnp bs ba ms esq jr sr ii iii iv"
)
SIGNED_OFF = (
    "thanks",
    "thank you",
    "regards",
    "sincerely",
    "yours",
    "best",
    "cheers",
    "respectfully",
    "faithfully",
    "signed",
    "signature",
)
LEADS = word_set("hi hello dear md rn np pt pts patient caller attn per ask called")
STRONG = word_set(
    "name attending physician surgeon assistant assistants anesthesiologist anaesthesiologist resident provider "
    "pcp by author cc attn attention contact kin nok guarantor guardian spouse signature signed dear nurse "
    "daughter son wife husband mother father sister brother named called friend niece nephew neighbor neighbour "
    "partner cousin aunt uncle caregiver carer fiance fiancé fiancée grandson granddaughter grandmother "
    "grandfather "
    "mom dad roommate informant historian witness interpreter poa proxy dictated sincerely scribe signer mr mrs "
    "ms dr drs prof miss stepfather stepmother stepson stepdaughter ex-wife ex-husband son-in-law "
    "daughter-in-law "
    "colleague coworker co-worker boss supervisor landlord teacher pediatrician dentist midwife consultant "
    "intern fellow therapist psychiatrist pharmacist c/o technologist operator endoscopist reader sonographer "
    "anesthetist"
)
WEAK = word_set(
    "of see referring patient pt with to from for and per via saw met informed contacted discussed spoke re "
    "regarding subject "
    "client insured subscriber recipient donor thanks thank told asked is was worker manager doctor employer "
    "lawyer driver "
    "cardiologist neurologist oncologist radiologist pathologist visitor technician dietitian relationship "
    "beneficiary that when as notified paged called"
)
HAN_CUE = re.compile(
    r"(?:患者|病人|姓名|医[师生]|家属|联系人|护士|主任|签名|保险人|由|与|和|请|妻子|丈夫|儿子|女儿|母亲|父亲)$"
)
VERB_AFTER = re.compile(
    r"\s*(?:\((?:his |her |the |pt's )?(?:daughter|son|wife|husband|mother|father|sister|brother|patient|friend|"
    r"neighbou?r|niece|nephew|aunt|uncle|partner|spouse|caregiver)|,\s*(?:a|an|the|age[d]?|\d|his|her|MD|RN)|"
    r"\b(?:is|was|has|had|reports?|reported|states?|stated|denies|denied|said|says|presents?|presented|"
    r"underwent|lives?|lived|will|would|returned|called|came|also|agreed?s?|and (?:his|her|family)|who|"
    r"complains|complained|notes|noted|admits|tolerated|remains|requested|requests|declined|brought|accompanied|"
    r"works|can|did|does|feels|felt|received|signed|verbalized|understands|wishes|at bedside|on the phone|"
    r"phoned|confirmed|expressed|asked)\b|'s\b)"
)
# What only persons do.
SPEAKS = re.compile(
    r" (?:says|said|states|stated|reports|reported|denies|denied|feels|felt|complains|phoned|called|rang|agrees|agreed|"
    r"requests|requested|wants|wanted|lives|lived|works|worked|came|returned|asks|asked|thinks|thought|tells|told|"
    r"declined|refuses|refused|wishes|hopes|cried|smiled|slept|ate|walks|walked|attended|attends|drinks|smokes|"
    r"explained|understands|remembers|visited|visits|aware|notified|informed|paged|is (?:a |an )?\d)\b"
    r"|'s (?:mother|father|mom|mum|dad|wife|husband|son|daughter|sister|brother|parents|family|room|bed|care|meds|"
    r"appointment|surgery|chart|notes|birthday|house)\b"
)
RELATED = (
    r"dr|mr|mrs|ms|miss|prof|nurse|pt|patient|son|daughter|wife|husband|mother|father|mom|dad|sister|brother|"
    r"friend|neighbou?r|niece|nephew|aunt|uncle|"
    r"cousin|partner|grandson|granddaughter|caregiver|by|with|rn|md|np|pa|attending|resident|surgeon|named|"
    r"called|contact|spoke to|informed"
)
# Words that follow a word for a person and are no name, though somebody bears each.
GRAMMAR = word_set(
    "is was has had and or in on at to of for with the a an no not in out see seen who will can may has be do "
    "did said says see no new old pain here there he she her his was were are as so if but by from "
    "mild chest denies states present many much long short low high well stable sick home care lives alone "
    "still over under down left right back hand foot head been given done gave take took day days week"
)
AGED = re.compile(r"\s*(?:\d{1,3}\s?(?:M|F|y)|MRN|DOB|#)")
MEDICAL = re.compile(
    r"(?:pril|olol|statin|mab|nib|azole|cillin|mycin|micin|floxacin|sartan|dipine|prazole|tidine|parin|xaban|"
    r"gliptin|gliflozin|formin|triptan|vir|pine|pam|lam|caine|curium|setron|lukast|terol|sone|solone|"
    r"itis|emia|osis|oma|ectomy|otomy|ostomy|scopy|gram|graphy|plasty|pathy|uria|plegia|paresis|algia|penia|"
    r"megaly|rrhea|rrhage|genic|trophy|stenosis|cyte|ine|ide|ate|ium|cef|xin|zole|pam|phil|blast|emic|itic|otic|"
    r"oid|ase)$"
)
PINYIN_ALSO = word_set("an may long he lee ken wei wang min")
