/* Seller, buyer and the place of delivery in UBL (BG-4, BG-7, BG-13). */
#include "core/einvoice/ubl_write.h"

#include <string.h>

typedef struct party_fields {
    dx_header_id name, number, street, street2, postal_code, city, state, country, tax_id, registration, contact, email,
        phone, endpoint;
} party_fields;

static const party_fields vendor = {
    .name = DX_HEADER_VENDOR_NAME,
    .number = DX_HEADER_VENDOR_NUMBER,
    .street = DX_HEADER_VENDOR_STREET,
    .street2 = DX_HEADER_VENDOR_STREET2,
    .postal_code = DX_HEADER_VENDOR_POSTAL_CODE,
    .city = DX_HEADER_VENDOR_CITY,
    .state = DX_HEADER_VENDOR_STATE,
    .country = DX_HEADER_VENDOR_COUNTRY,
    .tax_id = DX_HEADER_VENDOR_TAX_ID,
    .registration = DX_HEADER_VENDOR_REGISTRATION,
    .contact = DX_HEADER_VENDOR_CONTACT,
    .email = DX_HEADER_VENDOR_EMAIL,
    .phone = DX_HEADER_VENDOR_PHONE,
    .endpoint = DX_HEADER_VENDOR_ENDPOINT,
};

static const party_fields customer = {
    .name = DX_HEADER_CUSTOMER_NAME,
    .number = DX_HEADER_ACCOUNT_NUMBER,
    .street = DX_HEADER_CUSTOMER_STREET,
    .street2 = DX_HEADER_CUSTOMER_STREET2,
    .postal_code = DX_HEADER_CUSTOMER_POSTAL_CODE,
    .city = DX_HEADER_CUSTOMER_CITY,
    .state = DX_HEADER_CUSTOMER_STATE,
    .country = DX_HEADER_CUSTOMER_COUNTRY,
    .tax_id = DX_HEADER_CUSTOMER_TAX_ID,
    .registration = DX_HEADER_CUSTOMER_REGISTRATION,
    .contact = DX_HEADER_CUSTOMER_CONTACT,
    .email = DX_HEADER_CUSTOMER_EMAIL,
    .phone = DX_HEADER_CUSTOMER_PHONE,
    .endpoint = DX_HEADER_CUSTOMER_ENDPOINT,
};

static const dx_field *header(const dx_ubl_writer *writer, dx_header_id id)
{
    return &writer->invoice->header[id];
}

/* "scheme:identifier", as it was read. Without a scheme the element is not allowed. */
static void write_endpoint(dx_ubl_writer *writer, const dx_field *field)
{
    static const char allowed[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t size = field->present ? strcspn(field->text, ":") : 0;
    if (size == 0 || size > 4 || field->text[size] != ':' || strspn(field->text, allowed) != size)
        return;
    char *attribute = dx_textf(writer->ctx, "schemeID=\"%.*s\"", (int)size, field->text);
    if (!attribute)
        writer->out->failed = true;
    else
        dx_ubl_text(writer, "cbc:EndpointID", attribute, field->text + size + 1);
}

static void write_tax_scheme(dx_ubl_writer *writer, const dx_field *id)
{
    dx_ubl_open(writer, "cac:PartyTaxScheme");
    dx_ubl_field(writer, "cbc:CompanyID", id);
    dx_buffer_printf(writer->out, "<cac:TaxScheme><cbc:ID>%s</cbc:ID></cac:TaxScheme>",
                     dx_ubl_is_vat(id) ? "VAT" : "FC");
    dx_ubl_close(writer, "cac:PartyTaxScheme");
}

/* The buyer has a VAT identifier only (BT-48); the seller may have both (BT-31, BT-32). */
static void write_tax_ids(dx_ubl_writer *writer, const dx_field *tax_id, bool seller)
{
    const dx_field *number = header(writer, DX_HEADER_VENDOR_TAX_NUMBER);
    if (tax_id->present && (seller || dx_ubl_is_vat(tax_id)))
        write_tax_scheme(writer, tax_id);
    if (seller && number->present && !dx_ubl_is_vat(number) &&
        !(tax_id->present && strcmp(number->text, tax_id->text) == 0))
        write_tax_scheme(writer, number);
}

static void write_country(dx_ubl_writer *writer, dx_header_id id)
{
    const char *country = dx_ubl_country(writer, id);
    if (!country)
        return;
    dx_ubl_open(writer, "cac:Country");
    dx_ubl_text(writer, "cbc:IdentificationCode", NULL, country);
    dx_ubl_close(writer, "cac:Country");
}

static void write_address(dx_ubl_writer *writer, const party_fields *ids)
{
    dx_ubl_open(writer, "cac:PostalAddress");
    dx_ubl_field(writer, "cbc:StreetName", header(writer, ids->street));
    dx_ubl_field(writer, "cbc:AdditionalStreetName", header(writer, ids->street2));
    dx_ubl_field(writer, "cbc:CityName", header(writer, ids->city));
    dx_ubl_field(writer, "cbc:PostalZone", header(writer, ids->postal_code));
    dx_ubl_field(writer, "cbc:CountrySubentity", header(writer, ids->state));
    write_country(writer, ids->country);
    dx_ubl_close(writer, "cac:PostalAddress");
}

static void write_contact(dx_ubl_writer *writer, const party_fields *ids)
{
    const dx_field *contact = header(writer, ids->contact);
    const dx_field *email = header(writer, ids->email);
    const dx_field *phone = header(writer, ids->phone);
    if (!contact->present && !email->present && !phone->present)
        return;
    dx_ubl_open(writer, "cac:Contact");
    dx_ubl_field(writer, "cbc:Name", contact);
    dx_ubl_field(writer, "cbc:Telephone", phone);
    dx_ubl_field(writer, "cbc:ElectronicMail", email);
    dx_ubl_close(writer, "cac:Contact");
}

static void write_party(dx_ubl_writer *writer, const char *role, const party_fields *ids, bool seller)
{
    dx_ubl_open(writer, role);
    dx_ubl_open(writer, "cac:Party");
    write_endpoint(writer, header(writer, ids->endpoint));
    if (header(writer, ids->number)->present) {
        dx_ubl_open(writer, "cac:PartyIdentification");
        dx_ubl_field(writer, "cbc:ID", header(writer, ids->number));
        dx_ubl_close(writer, "cac:PartyIdentification");
    }
    write_address(writer, ids);
    write_tax_ids(writer, header(writer, ids->tax_id), seller);
    dx_ubl_open(writer, "cac:PartyLegalEntity");
    dx_ubl_field(writer, "cbc:RegistrationName", header(writer, ids->name));
    dx_ubl_field(writer, "cbc:CompanyID", header(writer, ids->registration));
    dx_ubl_close(writer, "cac:PartyLegalEntity");
    write_contact(writer, ids);
    dx_ubl_close(writer, "cac:Party");
    dx_ubl_close(writer, role);
}

/* An address of delivery must name its country (BT-80): without one only the name and the day are said. */
static void write_delivery(dx_ubl_writer *writer)
{
    const dx_field *day = header(writer, DX_HEADER_SHIP_DATE);
    const dx_field *name = header(writer, DX_HEADER_SHIP_TO_NAME);
    bool place = dx_ubl_country(writer, DX_HEADER_SHIP_TO_COUNTRY) != NULL;
    if (!day->present && !name->present && !place)
        return;
    dx_ubl_open(writer, "cac:Delivery");
    dx_ubl_field(writer, "cbc:ActualDeliveryDate", day);
    if (place) {
        dx_ubl_open(writer, "cac:DeliveryLocation");
        dx_ubl_open(writer, "cac:Address");
        dx_ubl_field(writer, "cbc:StreetName", header(writer, DX_HEADER_SHIP_TO_STREET));
        dx_ubl_field(writer, "cbc:CityName", header(writer, DX_HEADER_SHIP_TO_CITY));
        dx_ubl_field(writer, "cbc:PostalZone", header(writer, DX_HEADER_SHIP_TO_POSTAL_CODE));
        write_country(writer, DX_HEADER_SHIP_TO_COUNTRY);
        dx_ubl_close(writer, "cac:Address");
        dx_ubl_close(writer, "cac:DeliveryLocation");
    }
    if (name->present) {
        dx_ubl_open(writer, "cac:DeliveryParty");
        dx_ubl_open(writer, "cac:PartyName");
        dx_ubl_field(writer, "cbc:Name", name);
        dx_ubl_close(writer, "cac:PartyName");
        dx_ubl_close(writer, "cac:DeliveryParty");
    }
    dx_ubl_close(writer, "cac:Delivery");
}

void dx_ubl_parties(dx_ubl_writer *writer)
{
    write_party(writer, "cac:AccountingSupplierParty", &vendor, true);
    write_party(writer, "cac:AccountingCustomerParty", &customer, false);
    write_delivery(writer);
}
