/* UN/CEFACT Cross Industry Invoice: D16B as EN 16931 maps it, and ZUGFeRD 1.0, whose elements bear older names. */
#include "base/value/money.h"
#include "core/einvoice/read.h"

#include <string.h>

#define AGREEMENT "ApplicableHeaderTradeAgreement|ApplicableSupplyChainTradeAgreement"
#define DELIVERY "ApplicableHeaderTradeDelivery|ApplicableSupplyChainTradeDelivery"
#define SETTLEMENT "ApplicableHeaderTradeSettlement|ApplicableSupplyChainTradeSettlement"
#define SUMMATION "SpecifiedTradeSettlementHeaderMonetarySummation|SpecifiedTradeSettlementMonetarySummation"

void dx_take_currency(dx_einvoice_reader *reader)
{
    const dx_field *currency = &reader->invoice->header[DX_HEADER_CURRENCY];
    int digits = currency->present ? dx_currency_digits(currency->text) : -1;
    if (digits >= 0)
        reader->digits = digits;
}

/* The registration with this scheme: VA the VAT identifier, FC the national tax number. */
static const xmlNode *registration(dx_einvoice_reader *reader, const xmlNode *party, const char *scheme)
{
    for (const xmlNode *at = NULL; (at = dx_xml_next(party, "SpecifiedTaxRegistration", at));) {
        const char *own = dx_xml_attribute(reader->ctx, dx_xml_find(at, "ID"), "schemeID");
        if (own && strcmp(own, scheme) == 0)
            return at;
    }
    return NULL;
}

/* Where the values of a party go: indices of dx_invoice.header. */
typedef struct party_fields {
    int name, number, street, street2, postal_code, city, state, country, address, tax_id, registration, contact, email,
        phone, endpoint;
} party_fields;

static const party_fields seller_fields = {
    .name = DX_HEADER_VENDOR_NAME,
    .number = DX_HEADER_VENDOR_NUMBER,
    .street = DX_HEADER_VENDOR_STREET,
    .street2 = DX_HEADER_VENDOR_STREET2,
    .postal_code = DX_HEADER_VENDOR_POSTAL_CODE,
    .city = DX_HEADER_VENDOR_CITY,
    .state = DX_HEADER_VENDOR_STATE,
    .country = DX_HEADER_VENDOR_COUNTRY,
    .address = DX_HEADER_VENDOR_ADDRESS,
    .tax_id = DX_HEADER_VENDOR_TAX_ID,
    .registration = DX_HEADER_VENDOR_REGISTRATION,
    .contact = DX_HEADER_VENDOR_CONTACT,
    .email = DX_HEADER_VENDOR_EMAIL,
    .phone = DX_HEADER_VENDOR_PHONE,
    .endpoint = DX_HEADER_VENDOR_ENDPOINT,
};

static const party_fields buyer_fields = {
    .name = DX_HEADER_CUSTOMER_NAME,
    .number = DX_HEADER_ACCOUNT_NUMBER,
    .street = DX_HEADER_CUSTOMER_STREET,
    .street2 = DX_HEADER_CUSTOMER_STREET2,
    .postal_code = DX_HEADER_CUSTOMER_POSTAL_CODE,
    .city = DX_HEADER_CUSTOMER_CITY,
    .state = DX_HEADER_CUSTOMER_STATE,
    .country = DX_HEADER_CUSTOMER_COUNTRY,
    .address = DX_HEADER_CUSTOMER_ADDRESS,
    .tax_id = DX_HEADER_CUSTOMER_TAX_ID,
    .registration = DX_HEADER_CUSTOMER_REGISTRATION,
    .contact = DX_HEADER_CUSTOMER_CONTACT,
    .email = DX_HEADER_CUSTOMER_EMAIL,
    .phone = DX_HEADER_CUSTOMER_PHONE,
    .endpoint = DX_HEADER_CUSTOMER_ENDPOINT,
};

static void read_party(dx_einvoice_reader *reader, const xmlNode *party, const party_fields *to)
{
    dx_field *header = reader->invoice->header;
    const xmlNode *address = dx_xml_find(party, "PostalTradeAddress");
    const xmlNode *contact = dx_xml_find(party, "DefinedTradeContact");
    dx_einvoice_set_text(reader, &header[to->name], party, "Name");
    dx_einvoice_set_text(reader, &header[to->number], party, "ID");
    dx_einvoice_set_text(reader, &header[to->number], party, "GlobalID");
    dx_einvoice_set_text(reader, &header[to->street], address, "LineOne");
    dx_einvoice_set_text(reader, &header[to->street2], address, "LineTwo");
    dx_einvoice_set_text(reader, &header[to->postal_code], address, "PostcodeCode");
    dx_einvoice_set_text(reader, &header[to->city], address, "CityName");
    dx_einvoice_set_text(reader, &header[to->state], address, "CountrySubDivisionName");
    dx_einvoice_set_text(reader, &header[to->country], address, "CountryID");
    dx_einvoice_set_address(reader, &header[to->address], address, &header[to->street], &header[to->street2],
                            dx_xml_text_at(reader->ctx, address, "LineThree"), &header[to->postal_code],
                            &header[to->city]);
    dx_einvoice_set_text(reader, &header[to->tax_id], registration(reader, party, "VA"), "ID");
    dx_einvoice_set_text(reader, &header[to->registration], party, "SpecifiedLegalOrganization/ID");
    dx_einvoice_set_text(reader, &header[to->contact], contact, "PersonName|DepartmentName");
    dx_einvoice_set_text(reader, &header[to->email], contact, "EmailURIUniversalCommunication/URIID|CompleteNumber");
    dx_einvoice_set_text(reader, &header[to->phone], contact, "TelephoneUniversalCommunication/CompleteNumber");
    dx_einvoice_set_endpoint(reader, &header[to->endpoint], dx_xml_find(party, "URIUniversalCommunication/URIID"));
}

/* A seller without a VAT identifier is known by the national tax number. */
static void read_seller(dx_einvoice_reader *reader, const xmlNode *party)
{
    dx_field *header = reader->invoice->header;
    read_party(reader, party, &seller_fields);
    dx_einvoice_set_text(reader, &header[DX_HEADER_VENDOR_TAX_NUMBER], registration(reader, party, "FC"), "ID");
    if (header[DX_HEADER_VENDOR_TAX_NUMBER].present && !header[DX_HEADER_VENDOR_TAX_ID].present)
        header[DX_HEADER_VENDOR_TAX_ID] = header[DX_HEADER_VENDOR_TAX_NUMBER];
}

static void read_agreement(dx_einvoice_reader *reader, const xmlNode *agreement)
{
    dx_field *header = reader->invoice->header;
    dx_einvoice_set_text(reader, &header[DX_HEADER_BUYER_REFERENCE], agreement, "BuyerReference");
    read_seller(reader, dx_xml_find(agreement, "SellerTradeParty"));
    read_party(reader, dx_xml_find(agreement, "BuyerTradeParty"), &buyer_fields);
    dx_einvoice_set_text(reader, &header[DX_HEADER_PO_NUMBER], agreement,
                         "BuyerOrderReferencedDocument/IssuerAssignedID|ID");
    dx_einvoice_set_text(reader, &header[DX_HEADER_CONTRACT_NUMBER], agreement,
                         "ContractReferencedDocument/IssuerAssignedID|ID");
    dx_einvoice_set_text(reader, &header[DX_HEADER_PROJECT_NUMBER], agreement, "SpecifiedProcuringProject/ID");
}

static void read_delivery(dx_einvoice_reader *reader, const xmlNode *delivery)
{
    dx_field *header = reader->invoice->header;
    const xmlNode *party = dx_xml_find(delivery, "ShipToTradeParty");
    const xmlNode *address = dx_xml_find(party, "PostalTradeAddress");
    dx_field street2 = {0};
    dx_einvoice_set_date(reader, &header[DX_HEADER_SHIP_DATE], delivery,
                         "ActualDeliverySupplyChainEvent/OccurrenceDateTime/DateTimeString");
    dx_einvoice_set_text(reader, &header[DX_HEADER_DELIVERY_NOTE], delivery,
                         "DeliveryNoteReferencedDocument/IssuerAssignedID|ID");
    dx_einvoice_set_text(reader, &header[DX_HEADER_SHIP_TO_NAME], party, "Name");
    dx_einvoice_set_text(reader, &header[DX_HEADER_SHIP_TO_STREET], address, "LineOne");
    dx_einvoice_set_text(reader, &street2, address, "LineTwo");
    dx_einvoice_set_text(reader, &header[DX_HEADER_SHIP_TO_POSTAL_CODE], address, "PostcodeCode");
    dx_einvoice_set_text(reader, &header[DX_HEADER_SHIP_TO_CITY], address, "CityName");
    dx_einvoice_set_text(reader, &header[DX_HEADER_SHIP_TO_COUNTRY], address, "CountryID");
    dx_einvoice_set_address(reader, &header[DX_HEADER_SHIP_TO_ADDRESS], address, &header[DX_HEADER_SHIP_TO_STREET],
                            &street2, NULL, &header[DX_HEADER_SHIP_TO_POSTAL_CODE], &header[DX_HEADER_SHIP_TO_CITY]);
}

static void read_taxes(dx_einvoice_reader *reader, const xmlNode *settlement)
{
    for (const xmlNode *at = NULL;
         (at = dx_xml_next(settlement, "ApplicableTradeTax", at)) && reader->status == DOXIN_OK;) {
        dx_tax *tax = dx_invoice_add_tax(reader->ctx, reader->invoice);
        if (!tax) {
            reader->status = DOXIN_E_NOMEM;
            return;
        }
        dx_einvoice_set_text(reader, &tax->cell[DX_TAX_CATEGORY], at, "CategoryCode");
        dx_einvoice_set_number(reader, &tax->cell[DX_TAX_RATE], at, "RateApplicablePercent|ApplicablePercent");
        dx_einvoice_set_amount(reader, &tax->cell[DX_TAX_BASE], at, "BasisAmount");
        dx_einvoice_set_amount(reader, &tax->cell[DX_TAX_AMOUNT], at, "CalculatedAmount");
        dx_einvoice_set_text(reader, &tax->cell[DX_TAX_REASON], at, "ExemptionReason");
        dx_einvoice_set_text(reader, &tax->cell[DX_TAX_REASON_CODE], at, "ExemptionReasonCode");
    }
    dx_einvoice_set_single_rate(reader);
}

static void read_adjustments(dx_einvoice_reader *reader, const xmlNode *settlement)
{
    for (const xmlNode *at = NULL; (at = dx_xml_next(settlement, "SpecifiedTradeAllowanceCharge", at));) {
        dx_adjustment *made =
            dx_add_adjustment(reader, at, "ChargeIndicator/Indicator", "ActualAmount", "Reason", "ReasonCode");
        if (!made)
            return;
        dx_einvoice_set_number(reader, &made->rate, at, "CalculationPercent");
        dx_einvoice_set_number(reader, &made->tax_rate, at, "CategoryTradeTax/RateApplicablePercent|ApplicablePercent");
        dx_einvoice_set_text(reader, &made->tax_category, at, "CategoryTradeTax/CategoryCode");
    }
    for (const xmlNode *at = NULL; (at = dx_xml_next(settlement, "SpecifiedLogisticsServiceCharge", at));) {
        dx_adjustment *made = dx_add_adjustment(reader, at, NULL, "AppliedAmount", "Description", NULL);
        if (!made)
            return;
        made->freight = true;
        dx_einvoice_set_number(reader, &made->tax_rate, at, "AppliedTradeTax/RateApplicablePercent|ApplicablePercent");
        dx_einvoice_set_text(reader, &made->tax_category, at, "AppliedTradeTax/CategoryCode");
    }
    dx_sum_adjustments(reader, dx_xml_find(settlement, SUMMATION), "AllowanceTotalAmount", "ChargeTotalAmount");
}

/* The tax total in the document's currency: there may be a second one in the currency of the tax office. */
static const xmlNode *tax_total(dx_einvoice_reader *reader, const xmlNode *sums)
{
    const dx_field *currency = &reader->invoice->header[DX_HEADER_CURRENCY];
    const xmlNode *first = dx_xml_next(sums, "TaxTotalAmount", NULL);
    for (const xmlNode *at = NULL; (at = dx_xml_next(sums, "TaxTotalAmount", at));) {
        const char *own = dx_xml_attribute(reader->ctx, at, "currencyID");
        if (!own || (currency->present && strcmp(own, currency->text) == 0))
            return at;
    }
    return first;
}

static void read_sums(dx_einvoice_reader *reader, const xmlNode *sums)
{
    dx_field *header = reader->invoice->header;
    dx_einvoice_set_amount(reader, &header[DX_HEADER_LINES_TOTAL], sums, "LineTotalAmount");
    dx_einvoice_set_amount(reader, &header[DX_HEADER_SUBTOTAL], sums, "TaxBasisTotalAmount");
    dx_einvoice_set_amount(reader, &header[DX_HEADER_TAX_AMOUNT], tax_total(reader, sums), "");
    dx_einvoice_set_amount(reader, &header[DX_HEADER_TOTAL], sums, "GrandTotalAmount");
    dx_einvoice_set_amount(reader, &header[DX_HEADER_ROUNDING], sums, "RoundingAmount");
    dx_einvoice_set_amount(reader, &header[DX_HEADER_PREPAID], sums, "TotalPrepaidAmount");
    dx_einvoice_set_amount(reader, &header[DX_HEADER_AMOUNT_DUE], sums, "DuePayableAmount");
}

static void read_means(dx_einvoice_reader *reader, const xmlNode *means)
{
    dx_field *header = reader->invoice->header;
    const xmlNode *account = dx_xml_find(means, "PayeePartyCreditorFinancialAccount");
    const xmlNode *bank = dx_xml_find(means, "PayeeSpecifiedCreditorFinancialInstitution");
    dx_einvoice_set_text(reader, &header[DX_HEADER_PAYMENT_MEANS], means, "TypeCode");
    dx_einvoice_set_text(reader, &header[DX_HEADER_VENDOR_IBAN], account, "IBANID");
    dx_einvoice_set_text(reader, &header[DX_HEADER_VENDOR_IBAN], account, "ProprietaryID");
    dx_einvoice_set_text(reader, &header[DX_HEADER_VENDOR_BIC], bank, "BICID");
    dx_einvoice_set_text(reader, &header[DX_HEADER_VENDOR_BANK], bank, "Name");
}

static void read_payment(dx_einvoice_reader *reader, const xmlNode *settlement)
{
    dx_field *header = reader->invoice->header;
    dx_einvoice_set_text(reader, &header[DX_HEADER_PAYMENT_REFERENCE], settlement, "PaymentReference");
    for (const xmlNode *at = NULL; (at = dx_xml_next(settlement, "SpecifiedTradeSettlementPaymentMeans", at));)
        read_means(reader, at);
    for (const xmlNode *at = NULL; (at = dx_xml_next(settlement, "SpecifiedTradePaymentTerms", at));) {
        dx_einvoice_set_text(reader, &header[DX_HEADER_PAYMENT_TERMS], at, "Description");
        dx_einvoice_set_date(reader, &header[DX_HEADER_DUE_DATE], at, "DueDateDateTime/DateTimeString");
    }
}

static void read_settlement(dx_einvoice_reader *reader, const xmlNode *settlement)
{
    dx_field *header = reader->invoice->header;
    dx_einvoice_set_text(reader, &header[DX_HEADER_CURRENCY], settlement, "InvoiceCurrencyCode");
    dx_take_currency(reader);
    read_payment(reader, settlement);
    dx_einvoice_set_date(reader, &header[DX_HEADER_PERIOD_START], settlement,
                         "BillingSpecifiedPeriod/StartDateTime/DateTimeString");
    dx_einvoice_set_date(reader, &header[DX_HEADER_PERIOD_END], settlement,
                         "BillingSpecifiedPeriod/EndDateTime/DateTimeString");
    dx_einvoice_set_text(reader, &header[DX_HEADER_CORRECTS_NUMBER], settlement,
                         "InvoiceReferencedDocument/IssuerAssignedID|ID");
    dx_einvoice_set_date(reader, &header[DX_HEADER_CORRECTS_DATE], settlement,
                         "InvoiceReferencedDocument/FormattedIssueDateTime/DateTimeString");
    read_taxes(reader, settlement);
    read_adjustments(reader, settlement);
    read_sums(reader, dx_xml_find(settlement, SUMMATION));
}

void dx_read_cii(dx_einvoice_reader *reader, const xmlNode *root)
{
    dx_invoice *invoice = reader->invoice;
    const xmlNode *document = dx_xml_find(root, "ExchangedDocument|HeaderExchangedDocument");
    const xmlNode *transaction = dx_xml_find(root, "SupplyChainTradeTransaction|SpecifiedSupplyChainTradeTransaction");
    bool first_version = strcmp((const char *)root->name, "CrossIndustryDocument") == 0;
    invoice->syntax = first_version ? "zugferd1" : "cii";
    invoice->profile = dx_xml_text_at(reader->ctx, root,
                                      "ExchangedDocumentContext|SpecifiedExchangedDocumentContext/"
                                      "GuidelineSpecifiedDocumentContextParameter/ID");
    invoice->kind = dx_kind_of_code(dx_xml_text_at(reader->ctx, document, "TypeCode"));
    dx_einvoice_set_text(reader, &invoice->header[DX_HEADER_NUMBER], document, "ID");
    dx_einvoice_set_date(reader, &invoice->header[DX_HEADER_DATE], document, "IssueDateTime/DateTimeString");
    dx_einvoice_set_text(reader, &invoice->header[DX_HEADER_NOTE], document, "IncludedNote/Content");
    read_agreement(reader, dx_xml_find(transaction, AGREEMENT));
    read_delivery(reader, dx_xml_find(transaction, DELIVERY));
    read_settlement(reader, dx_xml_find(transaction, SETTLEMENT));
    dx_read_cii_lines(reader, transaction);
}
