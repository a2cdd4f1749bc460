"""A Salesforce org's objects: fields with types, lengths and picklists."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    type: str = "string"
    length: int = 255
    required: bool = False
    updateable: bool = True
    choices: tuple[str, ...] = ()
    refers: tuple[str, ...] = ()
    unique: bool = False


TEXT = Field()
AREA = Field("textarea", 32_000)
NUMBER = Field("int")
OWNER = Field("reference", refers=("User",))
INSTANT = Field("datetime")
PERSON = {
    "FirstName": Field(length=40), "LastName": Field(length=80, required=True),
    "Email": Field("email", 80), "Phone": Field("phone", 40), "MobilePhone": Field("phone", 40),
    "Title": Field(length=128), "OwnerId": OWNER, "Description": AREA,
}  # fmt: skip
ACTIVITY = {
    "Subject": TEXT, "Description": AREA, "OwnerId": OWNER, "ActivityDate": Field("date"),
    "WhoId": Field("reference", refers=("Contact", "Lead")),
    "WhatId": Field("reference", refers=("Account", "Opportunity")),
    "ReminderDateTime": INSTANT, "IsReminderSet": Field("boolean"),
}  # fmt: skip
STANDARD: dict[str, dict[str, Field]] = {
    "Account": {
        "Name": Field(required=True), "Website": Field("url"), "NumberOfEmployees": NUMBER,
        "Industry": Field("picklist"), "OwnerId": OWNER, "Phone": Field("phone", 40),
        "Type": Field("picklist"),
    },
    "Contact": {**PERSON, "AccountId": Field("reference", refers=("Account",))},
    "Lead": {**PERSON, "Company": Field(required=True), "IsConverted": Field("boolean")},
    "Task": {
        **ACTIVITY,
        "Status": Field("picklist", required=True,
                        choices=("Not Started", "In Progress", "Completed", "Deferred")),
        "Priority": Field("picklist", choices=("High", "Normal", "Low")),
        "TaskSubtype": Field("picklist", updateable=False,
                             choices=("Task", "Call", "Email", "Cadence", "ListEmail")),
        "CallType": Field("picklist", choices=("Internal", "Inbound", "Outbound")),
        "CallDurationInSeconds": NUMBER, "CallDisposition": TEXT, "CallObject": TEXT,
    },
    "Event": {
        **ACTIVITY, "StartDateTime": Field("datetime", required=True),
        "EndDateTime": Field("datetime", required=True),
    },
    "Opportunity": {
        "Name": Field(required=True), "StageName": TEXT, "Amount": Field("double"),
        "AccountId": Field("reference", refers=("Account",)), "IsClosed": Field("boolean"),
    },
    "User": {"Email": Field("email", 80), "IsActive": Field("boolean")},
}  # fmt: skip
PREFIXES = {"Account": "001", "Contact": "003", "Lead": "00Q", "Task": "00T", "Event": "00U",
            "Opportunity": "006", "User": "005"}  # fmt: skip
OURS = {
    f"Voice_Agent_{name}__c": TEXT
    for name in ("Verdict", "Segment", "Outcome", "Action", "Tech_Stack", "Employees", "Use_Case",
                 "Timeline", "Role", "Budget", "Industry")
} | {
    "Voice_Agent_Score__c": Field("double"), "Voice_Agent_At__c": INSTANT,
    "Voice_Agent_Recording__c": Field("url"), "Voice_Agent_Transcript__c": Field("url"),
    "Voice_Agent_Key__c": Field(length=64, unique=True),
}  # fmt: skip
